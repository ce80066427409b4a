import type { EventShape, StreamId } from '../kernel/event-store.ts';

/** A value as JSON has it: timestamps are text. */
export type ColumnValue = string | number | boolean | null;
/** Values by column name. */
export type Columns = Readonly<Record<string, ColumnValue>>;

/**
 * A change of rows in one table. `where` holds the key, or for `update` and `delete` the columns of
 * one of the table's lookups. `insert` and `upsert` write `where` and `set` as one row. An `update`
 * by lookup may set the columns in `where` only to null.
 */
export type RowChange = Readonly<{
  table: ProjectedTableName;
  op: 'insert' | 'upsert' | 'update' | 'delete';
  where: Columns;
  set: Columns;
}>;

/** The tables that projections write. */
export type ProjectedTableName =
  | 'users'
  | 'households'
  | 'household_members'
  | 'household_invitations'
  | 'identifier_claims'
  | 'sessions'
  | 'refresh_tokens'
  | 'revoked_tokens'
  | 'tokens';

/** The input of a projection: an event and its stream; no clock and no position. */
export type ProjectedEvent<Event = EventShape> = Readonly<{ stream: StreamId; event: Event }>;

/**
 * A pure function from an event to row changes: replaying the log always results in the same rows.
 */
export type Projection<Event = EventShape> = (
  projected: ProjectedEvent<Event>,
) => readonly RowChange[];
