import { createHash } from 'node:crypto';
import {
  type Snapshot,
  type StreamId,
  streamName,
} from '../../../application/kernel/event-store.ts';
import type { RowChange } from '../../../application/projections/row-change.ts';
import type { Statement } from '../../postgres/connection/connection.ts';
import {
  type GroupedRowChanges,
  groupRowChanges,
  rowChangeParts,
} from '../../postgres/connection/row-change-statement.ts';
import { destroyedSubjects } from '../destroyed-subjects.ts';
import type { StoredEvent } from '../stored-event.ts';

/** One stream's part of an append, encoded. */
export type EncodedAppend = Readonly<{
  stream: StreamId;
  expectedRevision: bigint | 'none';
  events: readonly StoredEvent[];
  subjectId: string | null;
  /** The subject's data key, when this append creates it. */
  newWrappedKey: string | undefined;
  snapshot: Snapshot | undefined;
}>;

/** SQLSTATE of an append to several streams one of which has moved on. */
export const APPEND_CONFLICT = 'LK409';

/** Returns the next parameter (`$1`, `$2`, …), in the order of the values. */
type Bind = () => string;

/**
 * Returns the named statement of a shape; `write` runs once, since equal shapes have equal texts.
 */
export type PrepareText = (shape: string, write: () => string) => Pick<Statement, 'name' | 'text'>;

/** Caches statement texts for the process: a shape depends on the command, so there are few. */
export const createPrepareText = (): PrepareText => {
  const known = new Map<string, ReturnType<PrepareText>>();
  return (shape, write) => {
    const found = known.get(shape);
    if (found !== undefined) return found;
    const digest = createHash('sha256').update(shape).digest('hex').slice(0, 24);
    const made = { name: `append_${digest}`, text: write() };
    known.set(shape, made);
    return made;
  };
};

const firstRevision = ({ expectedRevision }: EncodedAppend): bigint =>
  expectedRevision === 'none' ? 0n : expectedRevision + 1n;

const headColumns = (append: EncodedAppend): Readonly<Record<string, unknown>> => {
  const revision = String(firstRevision(append) + BigInt(append.events.length) - 1n);
  return {
    revision,
    chain: append.events.at(-1)?.metadata.chain,
    ...(append.snapshot && {
      snapshot: JSON.stringify(append.snapshot.state),
      snapshot_revision: revision,
      snapshot_version: append.snapshot.version,
    }),
  };
};

const headValues = (append: EncodedAppend): readonly unknown[] => {
  const name = streamName(append.stream);
  const columns = Object.values(headColumns(append));
  return append.expectedRevision === 'none'
    ? [name, append.subjectId, ...columns]
    : [...columns, name, String(append.expectedRevision)];
};

const newHead = (append: EncodedAppend, bind: Bind): string => {
  const columns = ['stream_id', 'subject_id', ...Object.keys(headColumns(append))];
  return `INSERT INTO streams (${columns}, last_xid)
    VALUES (${columns.map(bind)}, pg_current_xact_id())
    ON CONFLICT (stream_id) DO NOTHING RETURNING 1`;
};

/** Compare-and-set. A transaction that began before the last append must not append after it. */
const movedHead = (append: EncodedAppend, bind: Bind): string => {
  const assignments = Object.keys(headColumns(append)).map((column) => `${column} = ${bind()}`);
  return `UPDATE streams SET last_xid = pg_current_xact_id(), ${assignments}
    WHERE stream_id = ${bind()} AND revision = ${bind()}
      AND last_xid <= pg_current_xact_id() RETURNING 1`;
};

const eventRows = (append: EncodedAppend) =>
  append.events.map((event, index) => ({
    stream_id: streamName(append.stream),
    revision: String(firstRevision(append) + BigInt(index)),
    event_id: event.eventId,
    type: event.type,
    schema_version: event.schemaVersion,
    data: event.data,
    metadata: event.metadata,
    occurred_at: event.metadata.occurredAt,
  }));

const storedEvents = (rows: string): string => `
  INSERT INTO events (global_position, transaction_id, stream_id, revision, event_id, type,
    schema_version, data, metadata, occurred_at)
  SELECT nextval('events_global_position'), pg_current_xact_id(), e.stream_id, e.revision,
    e.event_id, e.type, e.schema_version, e.data, e.metadata, e.occurred_at
  FROM guard, jsonb_to_recordset(${rows}::jsonb) AS e (stream_id text, revision bigint,
    event_id uuid, type text, schema_version integer, data jsonb, metadata jsonb,
    occurred_at timestamptz)`;

const shapeOf = ({ expectedRevision, snapshot, newWrappedKey }: EncodedAppend): string =>
  [
    expectedRevision === 'none' ? 'new' : 'moved',
    snapshot && 'snapshot',
    newWrappedKey && 'subject',
  ]
    .filter(Boolean)
    .join('+');

const newSubjectValues = ({ subjectId, newWrappedKey }: EncodedAppend): readonly unknown[] =>
  newWrappedKey === undefined ? [] : [subjectId, newWrappedKey];

const write = (
  appends: readonly EncodedAppend[],
  rows: GroupedRowChanges,
  { storesEvents, destroysKeys }: Readonly<{ storesEvents: boolean; destroysKeys: boolean }>,
): string => {
  let parameters = 0;
  const bind: Bind = () => {
    parameters += 1;
    return `$${parameters}`;
  };
  const heads = appends.map((append, i) => {
    const head = append.expectedRevision === 'none' ? newHead : movedHead;
    return `head_${i} AS (${head(append, bind)})`;
  });
  const guard = `guard AS (SELECT FROM ${appends.map((_, i) => `head_${i}`).join(', ')})`;
  const subjects = appends.flatMap(({ newWrappedKey }, i) =>
    newWrappedKey === undefined
      ? []
      : [
          `subject_${i} AS (INSERT INTO subject_keys (subject_id, wrapped_key)
            SELECT ${bind()}, ${bind()} FROM guard)`,
        ],
  );
  const destroyed = destroysKeys
    ? [
        `destroyed AS (DELETE FROM subject_keys AS k USING guard
          WHERE k.subject_id = ANY (${bind()}::text[]))`,
      ]
    : [];
  const stored = storesEvents ? [`stored AS (${storedEvents(bind())})`] : [];
  const changes = rowChangeParts(rows, 'guard', parameters + 1);
  const refusal = appends.length === 1 ? '0' : 'latchkey_append_conflict()';
  return `WITH ${[...heads, guard, ...subjects, ...destroyed, ...stored, ...changes].join(',\n')}
    SELECT CASE WHEN EXISTS (SELECT FROM guard) THEN 1 ELSE ${refusal} END AS appended`;
};

const statementFor = (
  appends: readonly EncodedAppend[],
  changes: readonly RowChange[],
  prepareText: PrepareText,
  storesEvents: boolean,
): Statement => {
  const rows = groupRowChanges(changes);
  const destroyed = destroyedSubjects(appends);
  const destroysKeys = destroyed.length > 0;
  const kind = `${storesEvents ? 'append' : 'project'}${destroysKeys ? ' and destroy keys' : ''}`;
  const shape = [kind, ...appends.map(shapeOf), rows.shape].join('\n');
  return {
    ...prepareText(shape, () => write(appends, rows, { storesEvents, destroysKeys })),
    values: [
      ...appends.flatMap(headValues),
      ...appends.flatMap(newSubjectValues),
      ...(destroysKeys ? [destroyed] : []),
      ...(storesEvents ? [JSON.stringify(appends.flatMap(eventRows))] : []),
      ...rows.values,
    ],
  };
};

/**
 * Builds an append as one statement: compare-and-set on each stream, its events, and the rows they
 * change. It returns one row with `appended`, 1 or 0. Several streams of which one does not match
 * raise `APPEND_CONFLICT`, so that none is changed.
 */
export const appendStatement = (
  appends: readonly EncodedAppend[],
  changes: readonly RowChange[],
  prepareText: PrepareText,
): Statement => statementFor(appends, changes, prepareText, true);

/** Builds the same without the events, which are stored elsewhere: only heads and rows change. */
export const projectionStatement = (
  appends: readonly EncodedAppend[],
  changes: readonly RowChange[],
  prepareText: PrepareText,
): Statement => statementFor(appends, changes, prepareText, false);
