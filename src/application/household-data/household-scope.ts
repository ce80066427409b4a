import type { HouseholdRole } from '../../domain/household/household-events.ts';
import type { Instant } from '../../domain/instant.ts';
import type { TableDeclaration } from './table-declaration.ts';

/** A row as JSON: dates and instants are text. */
export type FieldValue = string | number | boolean | null;
export type FieldValues = Readonly<Record<string, FieldValue>>;

/** A row by the names of its fields, those that the server sets included. */
export type HouseholdRecord = FieldValues & Readonly<{ id: string }>;

/** A place in a list: finer than `createdAt`, which is cut to milliseconds. Opaque. */
export type RecordPlace = Readonly<{ createdAt: string; id: string }>;

export type RecordList = Readonly<{
  /** Parameters of the declaration's filters, and what they were given. */
  filter: FieldValues;
  /** The last one that was seen. */
  after: RecordPlace | undefined;
  limit: number;
}>;

/** The rows of one household, whatever is asked for. */
export type HouseholdRecords = Readonly<{
  /** The youngest first. `next`: what to go on after; undefined at the end. */
  list(
    table: TableDeclaration,
    list: RecordList,
  ): Promise<Readonly<{ records: readonly HouseholdRecord[]; next: RecordPlace | undefined }>>;
  find(table: TableDeclaration, id: string): Promise<HouseholdRecord | undefined>;
  /** @throws ApplicationError `reference_not_found`, for a row of another household as for none */
  create(
    table: TableDeclaration,
    row: Readonly<{ id: string; values: FieldValues; now: Instant }>,
  ): Promise<HouseholdRecord>;
  /** Changes only the given values. @throws ApplicationError `reference_not_found` */
  update(
    table: TableDeclaration,
    row: Readonly<{ id: string; values: FieldValues; now: Instant }>,
  ): Promise<HouseholdRecord | undefined>;
  /** @returns whether there was one @throws ApplicationError `record_in_use` */
  remove(table: TableDeclaration, id: string): Promise<boolean>;
}>;

/** A user who acts in a household, as an access token says; it may be out of date. */
export type ActingMember = Readonly<{ userId: string; householdId: string }>;

/**
 * Lets `work` at the rows of one household, all or nothing, as a role that the database lets at no
 * others. `role` is what the member has now, whatever the access token says.
 * @throws ApplicationError `household_required` for who is no member, or deactivated;
 * `concurrent_update` when others hold what it needs
 */
export type HouseholdScope = <Result>(
  member: ActingMember,
  work: (role: HouseholdRole, records: HouseholdRecords) => Promise<Result>,
) => Promise<Result>;
