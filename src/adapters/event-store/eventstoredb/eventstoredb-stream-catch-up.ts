import { setTimeout as delay } from 'node:timers/promises';
import { ApplicationError } from '../../../application/kernel/errors.ts';
import { type StreamId, streamName } from '../../../application/kernel/event-store.ts';
import type { RowChange } from '../../../application/projections/row-change.ts';
import type { Database } from '../../postgres/connection/connection.ts';
import {
  createPrepareText,
  type EncodedAppend,
  projectionStatement,
} from '../postgres/postgres-append-statement.ts';
import type { ProjectedStreams } from './projected-streams.ts';
import type { EventStoreDbLog } from './reading/eventstoredb-log.ts';
import type { ProjectedHeadRow } from './reading/eventstoredb-stream-read.ts';

type Dependencies = Readonly<{
  database: Database;
  readHead: (stream: StreamId, snapshotVersion: number) => Promise<ProjectedHeadRow | undefined>;
  readRest: EventStoreDbLog['readRest'];
  projectedStreams: ProjectedStreams;
}>;

/** Stored appends with the row changes of their events. */
export type StoredAppends = Readonly<{
  encoded: readonly EncodedAppend[];
  changes: readonly RowChange[];
}>;

const COUNT_BEHIND = {
  name: 'count_heads_behind',
  text: `SELECT count(*)::integer AS behind
    FROM jsonb_to_recordset($1::jsonb) AS w (stream_id text, revision bigint)
    LEFT JOIN streams AS s USING (stream_id) WHERE coalesce(s.revision, -1) < w.revision`,
};

const REPAIR_HEAD = {
  name: 'repair_projected_head',
  text: `UPDATE streams SET chain = $3, snapshot = NULL WHERE stream_id = $1 AND revision = $2`,
};

const VISIBLE_WITHIN_MS = 5_000;
const LOOK_AGAIN_MS = 50;

/** Brings the tables up to date with single streams, independently of the projector. */
export const createStreamCatchUp = ({
  database,
  readHead,
  readRest,
  projectedStreams,
}: Dependencies) => {
  const prepareText = createPrepareText();

  const catchUp = async (streams: readonly StreamId[]): Promise<void> => {
    const rests = await Promise.all(
      streams.map(async (stream) => {
        const row = await readHead(stream, 0);
        return readRest(stream, row === undefined ? 0n : BigInt(row.revision) + 1n);
      }),
    );
    // Events read from streams have no positions: they keep the order of the append.
    const events = rests.flat();
    if (events.length === 0) return;
    await database.transaction((connection) => projectedStreams.project(connection, events));
  };

  const isVisible = async ({ encoded }: StoredAppends): Promise<boolean> => {
    const wanted = encoded.map(({ stream, expectedRevision, events }) => ({
      stream_id: streamName(stream),
      revision: String(
        (expectedRevision === 'none' ? -1n : expectedRevision) + BigInt(events.length),
      ),
    }));
    const values = [JSON.stringify(wanted)];
    const [row] = await database.query<{ behind: number }>({ ...COUNT_BEHIND, values });
    return row?.behind === 0;
  };

  const tryProject = async ({ encoded, changes }: StoredAppends): Promise<boolean> => {
    const statement = projectionStatement(encoded, changes, prepareText);
    try {
      const [row] = await database.query<{ appended: number }>(statement);
      return row?.appended === 1;
    } catch {
      return false; // projected by another process, an earlier event is missing, or the database is away
    }
  };

  /** @throws ApplicationError `service_unavailable`: stored, but not projected yet */
  const makeVisible = async (projection: StoredAppends): Promise<void> => {
    if (await tryProject(projection)) return;
    const deadline = performance.now() + VISIBLE_WITHIN_MS;
    for (let cause: unknown; ; ) {
      try {
        if (await isVisible(projection)) return;
        await catchUp(projection.encoded.map(({ stream }) => stream));
        if (await isVisible(projection)) return;
      } catch (error) {
        cause = error;
      }
      if (performance.now() > deadline) {
        throw new ApplicationError('service_unavailable', { cause, retryAfterSeconds: 1 });
      }
      await delay(LOOK_AGAIN_MS);
    }
  };

  return {
    /** Projects the missing events of these streams. */
    catchUp,
    makeVisible,

    /** Corrects a head that differs from the stream's event, and drops its snapshot. */
    repairHead: async (stream: StreamId, { revision }: ProjectedHeadRow): Promise<void> => {
      const [event] = await readRest(stream, BigInt(revision));
      if (event === undefined) return;
      const values = [streamName(stream), revision, event.metadata.chain];
      await database.query({ ...REPAIR_HEAD, values });
    },
  };
};
