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

/** Who asks, by the access token. `householdId` null: no household is active. */
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

/** A row above itself would have no end. */
const refersToItself = (
  { name, fields }: TableDeclaration,
  id: string,
  values: FieldValues,
): boolean =>
  Object.entries(fields).some(
    ([field, declared]) =>
      declared.kind === 'reference' && declared.table === name && values[field] === id,
  );

/** Without a value the column's own default of an adopted table applies. */
const withDefaults = ({ fields }: TableDeclaration, values: FieldValues): FieldValues => ({
  ...Object.fromEntries(
    Object.entries(fields).flatMap(([name, field]) =>
      field.kind === 'boolean' ? [[name, field.default]] : [],
    ),
  ),
  ...values,
});

/**
 * The rows of the active household. Membership and role count as they are now; a viewer only reads.
 * Every method throws ApplicationError `household_required`; those that write DomainError
 * `household_role_insufficient`; those with an id ApplicationError `record_not_found`, for a row of
 * another household as for none.
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

  /** Changes what is given, and leaves the rest. */
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
