import { type Position, streamName } from '../../../application/kernel/event-store.ts';
import type {
  OpenRebuildSource,
  TakeEvents,
} from '../../../application/projections/rebuild-source.ts';
import type { Queryable } from '../../postgres/connection/connection.ts';
import { countRows } from '../../postgres/connection/count-rows.ts';
import { readFurthestPolicy, rewindPolicies } from '../policy-positions.ts';
import { readAhead } from '../read-ahead.ts';
import type { ProjectedStreams } from './projected-streams.ts';
import type { ProjectorCheckpoint } from './projector-checkpoint.ts';
import type { EventStoreDbLog, LogPage } from './reading/eventstoredb-log.ts';
import type { FollowedEvent } from './reading/followed-event.ts';

type Dependencies = Readonly<{
  log: Pick<EventStoreDbLog, 'readPages'>;
  projectedStreams: ProjectedStreams;
  checkpoint: Pick<ProjectorCheckpoint, 'index' | 'reset'>;
}>;

/** Pages that are fetched and decoded while one is folded. */
const AHEAD = 4;
/** Limit of events whose writers are about to project them; more than that is a drift. */
const MAX_UNPROJECTED = 5_000;

const CREATE_HEADS = `CREATE TEMPORARY TABLE rebuilt_streams (
  stream_id text PRIMARY KEY, revision bigint, chain text, subject_id text)`;

const KEEP_HEADS = `INSERT INTO rebuilt_streams AS s
  SELECT DISTINCT ON (stream_id) stream_id, revision, chain, subject_id
  FROM jsonb_to_recordset($1::jsonb) AS h (stream_id text, revision bigint, chain text, subject_id text)
  ORDER BY stream_id, revision DESC
  ON CONFLICT (stream_id) DO UPDATE SET revision = excluded.revision, chain = excluded.chain`;

/** A head that differs from the log's belongs to another log, and so does its snapshot. */
const REPAIR_HEADS = `INSERT INTO streams AS s (stream_id, revision, chain, subject_id, last_xid)
  SELECT stream_id, revision, chain, subject_id, pg_current_xact_id() FROM rebuilt_streams
  ON CONFLICT (stream_id) DO UPDATE SET revision = excluded.revision, chain = excluded.chain,
    snapshot = NULL, subject_id = excluded.subject_id
  WHERE s.revision <> excluded.revision OR s.chain <> excluded.chain`;

const REMOVE_HEADS = `DELETE FROM streams AS s
  WHERE NOT EXISTS (SELECT FROM rebuilt_streams AS r WHERE r.stream_id = s.stream_id)`;

/**
 * Reads the log in EventStoreDB for a rebuild. Appends continue, but no process projects them while
 * `streams` is locked. Events whose projection was under way are projected here first, so that the
 * comparison reports only events that are really missing.
 */
export const createEventStoreDbRebuildSource =
  ({ log, projectedStreams, checkpoint }: Dependencies): OpenRebuildSource<Queryable> =>
  async (connection, repair) => {
    const unprojected: FollowedEvent[] = [];
    let end: Position | undefined;
    const furthestPolicy = await readFurthestPolicy(connection);

    const keepHeads = async (events: readonly FollowedEvent[]): Promise<void> => {
      const heads = events.map(({ stream, revision, metadata, subject }) => ({
        stream_id: streamName(stream),
        revision: String(revision),
        chain: metadata.chain,
        subject_id: subject,
      }));
      await connection.query({ text: KEEP_HEADS, values: [JSON.stringify(heads)] });
      await checkpoint.index(connection, events);
    };

    const readPages = async (
      pages: AsyncIterable<LogPage>,
      onPage: (events: readonly FollowedEvent[]) => Promise<void>,
      take: TakeEvents,
    ): Promise<void> => {
      for await (const page of pages) {
        await onPage(page.events);
        if (repair) await keepHeads(page.events);
        await take(page.events);
        end = page.end;
      }
    };

    const projectLate = async (events: readonly FollowedEvent[]): Promise<void> => {
      await connection.query({ text: 'SAVEPOINT late' });
      try {
        await projectedStreams.project(connection, events);
      } catch {
        // An event that cannot be projected is missing, and the comparison reports it.
        await connection.query({ text: 'ROLLBACK TO SAVEPOINT late' });
      }
    };

    return {
      count: () => countRows(connection, 'event_index'),
      readAll: async (take) => {
        if (repair) await connection.query({ text: CREATE_HEADS });
        const noteLate = async (events: readonly FollowedEvent[]) => {
          if (unprojected.length >= MAX_UNPROJECTED) return;
          unprojected.push(...(await projectedStreams.unprojected(connection, events)));
        };
        await readPages(readAhead(log.readPages(undefined), AHEAD), noteLate, take);
      },
      readRest: async (take) => {
        if (unprojected.length < MAX_UNPROJECTED) await projectLate(unprojected);
        // Page by page: a failed projection is rolled back without affecting other pages.
        await readPages(log.readPages(end), projectLate, take);
      },
      afterRepair: async () => {
        await connection.query({ text: REPAIR_HEADS });
        await connection.query({ text: REMOVE_HEADS });
        await checkpoint.reset(connection, end);
        await rewindPolicies(connection, furthestPolicy, end);
      },
    };
  };
