import { streamName } from '../../../application/kernel/event-store.ts';
import type { ProjectedEvent, RowChange } from '../../../application/projections/row-change.ts';
import type { Queryable } from '../../postgres/connection/connection.ts';
import { rowChangeStatements } from '../../postgres/connection/row-change-statement.ts';
import { destroyedSubjects } from '../destroyed-subjects.ts';
import { CHAIN_START } from '../stored-event.ts';
import type { FollowedEvent } from './reading/followed-event.ts';
import { releaseOwnedHouseholds, withoutErasedUsers } from './without-erased-users.ts';

type Dependencies = Readonly<{
  project: (event: ProjectedEvent) => readonly RowChange[];
}>;

type Head = Readonly<{ stream_id: string; revision: string }>;

const READ_HEADS = {
  name: 'read_projected_heads',
  text: 'SELECT stream_id, revision FROM streams WHERE stream_id = ANY ($1)',
};

const LOCK_HEADS = {
  name: 'lock_projected_heads',
  text: `SELECT stream_id, revision FROM streams WHERE stream_id = ANY ($1)
    ORDER BY stream_id FOR UPDATE`,
};

const ADD_HEADS = {
  name: 'add_projected_heads',
  text: `INSERT INTO streams (stream_id, revision, last_xid, chain)
    SELECT name, -1, pg_current_xact_id(), '${CHAIN_START}' FROM unnest($1::text[]) AS name
    ORDER BY name ON CONFLICT DO NOTHING`,
};

const MOVE_HEADS = {
  name: 'move_projected_heads',
  text: `UPDATE streams AS s SET revision = h.revision, chain = h.chain,
      subject_id = h.subject_id, last_xid = pg_current_xact_id()
    FROM jsonb_to_recordset($1::jsonb) AS h (stream_id text, revision bigint, chain text,
      subject_id text)
    WHERE s.stream_id = h.stream_id`,
};

const DESTROY_KEYS = {
  name: 'destroy_subject_keys',
  text: 'DELETE FROM subject_keys WHERE subject_id = ANY ($1)',
};

/** Earlier events of a stream have not been projected. */
export class MissingEvents extends Error {
  constructor(stream: string) {
    super(`events of ${stream} are missing before this one`);
    this.name = 'MissingEvents';
  }
}

const nameOf = ({ stream }: FollowedEvent): string => streamName(stream);

const namesOf = (events: readonly FollowedEvent[]): readonly string[] => [
  ...new Set(events.map(nameOf)),
];

/** Projects events once per stream and in order; see `createProjectedStreams`. */
export type ProjectedStreams = ReturnType<typeof createProjectedStreams>;

/**
 * Tracks how far the tables follow each stream of a log in EventStoreDB: `streams` holds the last
 * projected event. An event is projected once and after its predecessors, by its writer or the
 * projector.
 */
export const createProjectedStreams = ({ project }: Dependencies) => {
  const revisionsOf = async (
    connection: Queryable,
    statement: typeof READ_HEADS,
    names: readonly string[],
  ): Promise<ReadonlyMap<string, bigint>> => {
    const heads = await connection.query<Head>({ ...statement, values: [names] });
    return new Map(heads.map((head) => [head.stream_id, BigInt(head.revision)]));
  };

  const notIn = (heads: ReadonlyMap<string, bigint>, events: readonly FollowedEvent[]) =>
    events.filter((event) => event.revision > (heads.get(nameOf(event)) ?? -1n));

  /** @throws MissingEvents */
  const requireUnbroken = (
    heads: ReadonlyMap<string, bigint>,
    events: readonly FollowedEvent[],
  ): void => {
    const ends = new Map(heads);
    for (const event of events) {
      const name = nameOf(event);
      if (event.revision !== (ends.get(name) ?? -1n) + 1n) throw new MissingEvents(name);
      ends.set(name, event.revision);
    }
  };

  const moveHeads = (connection: Queryable, events: readonly FollowedEvent[]) => {
    const heads = new Map(
      events.map((event) => [
        nameOf(event),
        {
          stream_id: nameOf(event),
          revision: String(event.revision),
          chain: event.metadata.chain,
          subject_id: event.subject,
        },
      ]),
    );
    return connection.query({ ...MOVE_HEADS, values: [JSON.stringify([...heads.values()])] });
  };

  const destroyKeys = async (connection: Queryable, events: readonly FollowedEvent[]) => {
    const destroyed = destroyedSubjects(
      events.map(({ stream, event }) => ({ stream, events: [event] })),
    );
    if (destroyed.length > 0) await connection.query({ ...DESTROY_KEYS, values: [destroyed] });
  };

  return {
    /** @returns the events that are not projected yet */
    unprojected: async (
      connection: Queryable,
      events: readonly FollowedEvent[],
    ): Promise<readonly FollowedEvent[]> =>
      notIn(await revisionsOf(connection, READ_HEADS, namesOf(events)), events),

    /**
     * Projects those of `events` that are not projected yet. They must be in log order, and
     * `connection` in a transaction. @throws MissingEvents
     */
    project: async (connection: Queryable, events: readonly FollowedEvent[]): Promise<void> => {
      const names = namesOf(events);
      await connection.query({ ...ADD_HEADS, values: [names] });
      const heads = await revisionsOf(connection, LOCK_HEADS, names);
      const missing = notIn(heads, events);
      if (missing.length === 0) return;
      requireUnbroken(heads, missing);
      const changes = missing.flatMap(({ stream, event }) => project({ stream, event }));
      const kept = await withoutErasedUsers(connection, missing, changes);
      for (const statement of rowChangeStatements(kept)) await connection.query(statement);
      await releaseOwnedHouseholds(connection, missing);
      await moveHeads(connection, missing);
      await destroyKeys(connection, missing);
    },
  };
};
