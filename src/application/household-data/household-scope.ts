import type { HouseholdRole } from '../../domain/household/household-events.ts';
import type { Instant } from '../../domain/instant.ts';
import type { TableDeclaration } from './table-declaration.ts';

/** A value as JSON has it: dates and instants are text. */
export type FieldValue = string | number | boolean | null;
/** Values by field name. */
export type FieldValues = Readonly<Record<string, FieldValue>>;

/** A row by field name, including the fields that the server sets. */
export type HouseholdRecord = FieldValues & Readonly<{ id: string }>;

/** An opaque list position, finer than the field `createdAt`, which has milliseconds. */
export type RecordPlace = Readonly<{ createdAt: string; id: string }>;

/** A page of a list, filtered. */
export type RecordList = Readonly<{
  /** Values by parameter of the declaration's filters. */
  filter: FieldValues;
  /** The position of the previous page's last row. */
  after: RecordPlace | undefined;
  limit: number;
}>;

/** Access to the rows of one household. */
export type HouseholdRecords = Readonly<{
  /** Lists rows, the latest first. `next`: the position to continue after; undefined at the end. */
  list(
    table: TableDeclaration,
    list: RecordList,
  ): Promise<Readonly<{ records: readonly HouseholdRecord[]; next: RecordPlace | undefined }>>;
  find(table: TableDeclaration, id: string): Promise<HouseholdRecord | undefined>;
  /** @throws ApplicationError `reference_not_found`, also for a row of another household */
  create(
    table: TableDeclaration,
    row: Readonly<{ id: string; values: FieldValues; now: Instant }>,
  ): Promise<HouseholdRecord>;
  /** Changes only the given values. @throws ApplicationError `reference_not_found` */
  update(
    table: TableDeclaration,
    row: Readonly<{ id: string; values: FieldValues; now: Instant }>,
  ): Promise<HouseholdRecord | undefined>;
  /** Deletes a row. @returns whether it existed @throws ApplicationError `record_in_use` */
  remove(table: TableDeclaration, id: string): Promise<boolean>;
}>;

/** The acting user and household by the claims of an access token, which may be out of date. */
export type ActingMember = Readonly<{ userId: string; householdId: string }>;

/**
 * Runs `work` in one transaction, as a database role that can access the rows of this household
 * only. `role` is the member's current role.
 * @throws ApplicationError `household_required` for a deactivated user and for one who is no
 * member; `concurrent_update` when other transactions hold the locks that it needs
 */
export type HouseholdScope = <Result>(
  member: ActingMember,
  work: (role: HouseholdRole, records: HouseholdRecords) => Promise<Result>,
) => Promise<Result>;
