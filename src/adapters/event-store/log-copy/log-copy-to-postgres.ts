import { setTimeout as delay } from 'node:timers/promises';
import { LogCopyRefused, type LogCopyWatch } from '../../../application/event-log/log-copy.ts';
import {
  type Position,
  parseStreamName,
  streamName,
} from '../../../application/kernel/event-store.ts';
import type { Database, Queryable } from '../../postgres/connection/connection.ts';
import { countRows } from '../../postgres/connection/count-rows.ts';
import type { EventStoreDbClient } from '../eventstoredb/client/eventstoredb-client.ts';
import type { EventStoreDbEventStore } from '../eventstoredb/eventstoredb-event-store.ts';
import type { ProjectorCheckpoint } from '../eventstoredb/projector-checkpoint.ts';
import {
  fromPosition,
  type LoggedEvent,
  toPosition,
} from '../eventstoredb/reading/eventstoredb-event-format.ts';
import type { EventStoreDbReading } from '../eventstoredb/reading/eventstoredb-reading.ts';
import { compareWithPostgres, toIndexed } from './log-copy-comparison.ts';
import {
  blockWriters,
  findDivergedHeads,
  type MovedLog,
  moveLocation,
  repeatUntilFewRemain,
  requireSameLogs,
} from './log-copy-handover.ts';

type Dependencies = Readonly<{
  database: Database;
  client: Pick<EventStoreDbClient, 'readLog'>;
  reading: Pick<EventStoreDbReading, 'valid'>;
  checkpoint: Pick<ProjectorCheckpoint, 'index'>;
  store: Pick<EventStoreDbEventStore, 'catchUp'>;
  /** How long a server that lost its lease without noticing may still append. */
  drainMilliseconds: number;
}>;

const CAUGHT_UP_AT_ONCE = 200;

// Uses the copying transaction's id and new positions, so that every batch follows the previous one
// and precedes everything appended after the move.
const STORE = {
  name: 'store_copied_events',
  text: `INSERT INTO events (global_position, transaction_id, stream_id, revision, event_id, type,
      schema_version, data, metadata, occurred_at)
    SELECT nextval('events_global_position'), pg_current_xact_id(), e.stream_id, e.revision,
      e.event_id, e.type, e.schema_version, e.data, e.metadata, e.occurred_at
    FROM jsonb_to_recordset($1::jsonb) AS e (stream_id text, revision bigint, event_id uuid,
      type text, schema_version integer, data jsonb, metadata jsonb, occurred_at timestamptz)`,
};

const toRow = ({ stream, revision, stored }: LoggedEvent) => ({
  stream_id: streamName(stream),
  revision: String(revision),
  event_id: stored.eventId,
  type: stored.type,
  schema_version: stored.schemaVersion,
  data: stored.data,
  metadata: stored.metadata,
  occurred_at: stored.metadata.occurredAt,
});

/**
 * Copies the log from EventStoreDB to PostgreSQL. No progress is stored: every run reads the source
 * from its beginning, compares it with the events already there, and adds the missing ones.
 */
export const createCopyToPostgres =
  ({ database, client, reading, checkpoint, store, drainMilliseconds }: Dependencies) =>
  async (
    session: Queryable,
    /**
     * Takes the lease, so that no server appends from then on; calls `meanwhile` while it waits.
     */
    takeLease: (meanwhile: () => Promise<void>) => Promise<void>,
    { onProgress }: LogCopyWatch,
  ): Promise<MovedLog> => {
    let readTo: Position | undefined;
    let events = 0;
    let copied = 0;
    let total = await countRows(database, 'event_index');

    const add = async (missing: readonly LoggedEvent[]): Promise<void> => {
      if (missing.length === 0) return;
      await database.transaction(async (connection) => {
        await connection.query({ text: `SELECT set_config('latchkey.copying', 'on', true)` });
        await connection.query({ ...STORE, values: [JSON.stringify(missing.map(toRow))] });
      });
      copied += missing.length;
    };

    /**
     * Events already there must be a prefix of the log: an earlier stay, or an interrupted copy.
     */
    const missingIn = (
      valid: readonly LoggedEvent[],
      counterparts: readonly unknown[],
    ): readonly LoggedEvent[] => {
      const missing = valid.filter((_, i) => counterparts[i] === undefined);
      const begins = copied > 0 ? 0 : counterparts.indexOf(undefined);
      const later = valid.find(
        (_, i) => begins >= 0 && i > begins && counterparts[i] !== undefined,
      );
      if (later === undefined) return missing;
      throw new LogCopyRefused(
        `PostgreSQL holds another log: ${later.stored.type}, at ${later.position} in the event store, is there, but not all events before it.`,
      );
    };

    /** Copies up to the end of the source. @returns how many events it read */
    const copyRest = async (): Promise<number> => {
      const before = events;
      for await (const page of client.readLog(fromPosition(readTo))) {
        const valid = await reading.valid(page);
        const counterparts = await compareWithPostgres(database, valid);
        const missing = missingIn(valid, counterparts);
        await checkpoint.index(database, valid.map(toIndexed));
        await add(missing);
        events += valid.length;
        total = Math.max(total, events);
        onProgress(events, total);
        const end = page.at(-1);
        if (end !== undefined) readTo = toPosition(end.position);
      }
      return events - before;
    };

    /** Projects events that a crash left unprojected. Only this step decrypts events. */
    const catchUpTables = async (): Promise<void> => {
      for (let last = ''; ; ) {
        const [first, ...others] = await findDivergedHeads(session, CAUGHT_UP_AT_ONCE);
        // The same stream again: it cannot be projected, and the comparison will report it.
        if (first === undefined || first === last) return;
        await store.catchUp([first, ...others].map(parseStreamName)).catch((cause) => {
          throw new LogCopyRefused(
            `The tables lack events of ${first} that cannot be projected: run latchkey projections rebuild.`,
            { cause },
          );
        });
        last = first;
      }
    };

    await repeatUntilFewRemain(copyRest);
    await takeLease(async () => void (await copyRest()));
    const stoppedAt = performance.now();
    await delay(drainMilliseconds);
    await copyRest();
    await catchUpTables();
    await session.query({ text: 'BEGIN' });
    await blockWriters(session);
    await requireSameLogs(session, events);
    await moveLocation(session, 'postgres');
    await session.query({ text: 'COMMIT' });
    return { events, copied, stoppedMilliseconds: performance.now() - stoppedAt };
  };
