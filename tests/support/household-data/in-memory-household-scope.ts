import type {
  HouseholdRecord,
  HouseholdRecords,
  HouseholdScope,
} from '../../../src/application/household-data/household-scope.ts';
import { declareTable } from '../../../src/application/household-data/table-declaration.ts';
import { ApplicationError } from '../../../src/application/kernel/errors.ts';
import type { HouseholdRole } from '../../../src/domain/household/household-events.ts';

/** A table with a boolean and a reference to itself. */
export const notes = declareTable({
  name: 'notes',
  singular: 'note',
  idPrefix: 'note',
  fields: {
    title: { kind: 'text', maxLength: 40, description: 'Title', required: true },
    done: { kind: 'boolean', default: false, description: 'Whether it is done' },
    aboveId: { kind: 'reference', table: 'notes', description: 'The note above' },
  },
  filters: { equal: ['userId', 'done'] },
});

type Row = Readonly<{ table: string; householdId: string; record: HouseholdRecord }>;

/** Rows in memory. `roles`: of each member, as `household user`. */
export const createInMemoryHouseholdScope = (roles: ReadonlyMap<string, HouseholdRole>) => {
  let rows: readonly Row[] = [];

  const recordsOf = (householdId: string, userId: string): HouseholdRecords => {
    const isIn =
      (table: string, id?: string) =>
      (row: Row): boolean =>
        row.table === table &&
        row.householdId === householdId &&
        (id === undefined || row.record.id === id);
    return {
      list: async ({ name }, { filter, after, limit }) => {
        const found = rows
          .filter(isIn(name))
          .map(({ record }) => record)
          .filter((record) =>
            Object.entries(filter).every(([field, value]) => record[field] === value),
          )
          .toReversed();
        const start = found.findIndex(({ id }) => id === after?.id) + 1;
        const records = found.slice(start, start + limit);
        const last = start + limit < found.length ? records.at(-1) : undefined;
        return { records, next: last && { createdAt: String(last.createdAt), id: last.id } };
      },
      find: async ({ name }, id) => rows.find(isIn(name, id))?.record,
      create: async ({ name }, { id, values, now }) => {
        const record = { ...values, id, householdId, userId, createdAt: now, updatedAt: now };
        rows = [...rows, { table: name, householdId, record }];
        return record;
      },
      update: async ({ name }, { id, values, now }) => {
        const found = rows.find(isIn(name, id));
        if (found === undefined) return undefined;
        const record = { ...found.record, ...values, updatedAt: now };
        rows = rows.map((row) => (row === found ? { ...row, record } : row));
        return record;
      },
      remove: async ({ name }, id) => {
        const found = rows.find(isIn(name, id));
        rows = rows.filter((row) => row !== found);
        return found !== undefined;
      },
    };
  };

  const inHousehold: HouseholdScope = async ({ userId, householdId }, work) => {
    const role = roles.get(`${householdId} ${userId}`);
    if (role === undefined) throw new ApplicationError('household_required');
    return work(role, recordsOf(householdId, userId));
  };

  return { inHousehold, rows: () => rows };
};
