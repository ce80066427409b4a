import type { EventShape, StreamId } from '../kernel/event-store.ts';

export type ColumnValue = string | number | boolean | null;
export type Columns = Readonly<Record<string, ColumnValue>>;

/**
 * The change of a table by an event, as data. `where` names the key, or for `update` and `delete`
 * one of the table's declared lookups; `insert` and `upsert` write `where` and `set` together as
 * one row. An `update` by lookup may set what it looks up by to null, and to nothing else.
 */
export type RowChange = Readonly<{
  table: ProjectedTableName;
  op: 'insert' | 'upsert' | 'update' | 'delete';
  where: Columns;
  set: Columns;
}>;

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

/** All a projection may look at: no clock, no position, nothing but the fact and its stream. */
export type ProjectedEvent<Event = EventShape> = Readonly<{ stream: StreamId; event: Event }>;

/** A pure function from event to row changes: replaying the log gives the same rows, always. */
export type Projection<Event = EventShape> = (
  projected: ProjectedEvent<Event>,
) => readonly RowChange[];
