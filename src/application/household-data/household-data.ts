import { DomainError } from '../../domain/domain-error.ts';
import type { HouseholdRole } from '../../domain/household/household-events.ts';
import { isAtLeast } from '../../domain/household/household-rank.ts';
import type { Clock } from '../kernel/clock.ts';
import { ApplicationError } from '../kernel/errors.ts';
import type { IdGenerator } from '../kernel/id-generator.ts';
import type {
  FieldValues,
  HouseholdRecord,
  HouseholdScope,
  RecordList,
} from './household-scope.ts';
import type { TableDeclaration } from './table-declaration.ts';

type Dependencies = Readonly<{ inHousehold: HouseholdScope; ids: IdGenerator; clock: Clock }>;

/** The caller by the claims of the access token. `householdId` null: no household is active. */
type Caller = Readonly<{ userId: string; householdId: string | null }>;

export type HouseholdData = ReturnType<typeof createHouseholdData>;

const memberOf = ({ userId, householdId }: Caller) => {
  if (householdId === null) throw new ApplicationError('household_required');
  return { userId, householdId };
};

const requireWriter = (role: HouseholdRole): void => {
  if (!isAtLeast(role, 'member')) throw new DomainError('household_role_insufficient');
};

const requireFound = (record: HouseholdRecord | undefined): HouseholdRecord => {
  if (record === undefined) throw new ApplicationError('record_not_found');
  return record;
};

/** Checks for a row that refers to itself, such as a category that is its own parent. */
const refersToItself = (
  { name, fields }: TableDeclaration,
  id: string,
  values: FieldValues,
): boolean =>
  Object.entries(fields).some(
    ([field, declared]) =>
      declared.kind === 'reference' && declared.table === name && values[field] === id,
  );

/**
 * Fills in defaults of boolean fields only: an adopted table may have column defaults of its own.
 */
const withDefaults = ({ fields }: TableDeclaration, values: FieldValues): FieldValues => ({
  ...Object.fromEntries(
    Object.entries(fields).flatMap(([name, field]) =>
      field.kind === 'boolean' ? [[name, field.default]] : [],
    ),
  ),
  ...values,
});

/**
 * Reads and writes rows of the active household by the caller's current role; a viewer only reads.
 * Every method throws ApplicationError `household_required`. Methods that write throw DomainError
 * `household_role_insufficient`. Methods with an id throw ApplicationError `record_not_found`, also
 * for a row of another household.
 */
export const createHouseholdData = ({ inHousehold, ids, clock }: Dependencies) => ({
  list: async (caller: Caller, table: TableDeclaration, list: RecordList) =>
    inHousehold(memberOf(caller), (_role, records) => records.list(table, list)),

  read: async (caller: Caller, table: TableDeclaration, id: string): Promise<HouseholdRecord> =>
    inHousehold(memberOf(caller), async (_role, records) =>
      requireFound(await records.find(table, id)),
    ),

  create: async (
    caller: Caller,
    table: TableDeclaration,
    values: FieldValues,
  ): Promise<HouseholdRecord> =>
    inHousehold(memberOf(caller), (role, records) => {
      requireWriter(role);
      const row = { id: ids.recordId(table.idPrefix), values: withDefaults(table, values) };
      return records.create(table, { ...row, now: clock.now() });
    }),

  /** Changes the given fields only. @throws also ApplicationError `reference_not_found` */
  update: async (
    caller: Caller,
    table: TableDeclaration,
    id: string,
    values: FieldValues,
  ): Promise<HouseholdRecord> =>
    inHousehold(memberOf(caller), async (role, records) => {
      requireWriter(role);
      if (refersToItself(table, id, values)) throw new ApplicationError('reference_not_found');
      return requireFound(await records.update(table, { id, values, now: clock.now() }));
    }),

  remove: async (caller: Caller, table: TableDeclaration, id: string): Promise<void> =>
    inHousehold(memberOf(caller), async (role, records) => {
      requireWriter(role);
      if (!(await records.remove(table, id))) throw new ApplicationError('record_not_found');
    }),
});
