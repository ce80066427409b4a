import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  createProjectedStreams,
  MissingEvents,
} from '../../../../src/adapters/event-store/eventstoredb/projected-streams.ts';
import type { FollowedEvent } from '../../../../src/adapters/event-store/eventstoredb/reading/followed-event.ts';
import type { Position } from '../../../../src/application/kernel/event-store.ts';
import type { RowChange } from '../../../../src/application/projections/row-change.ts';
import { eventually } from '../../../support/kernel/eventually.ts';
import { type OpenDatabase, openTestDatabase } from '../../../support/servers/open-database.ts';
import { openRawSession } from '../../../support/servers/raw-session.ts';
import { times } from '../../../support/servers/running-app.ts';

let database: OpenDatabase;
beforeAll(async () => {
  database = await openTestDatabase();
});
beforeEach(() => database.sql('TRUNCATE streams, identifier_claims'));
afterAll(() => database?.drop());

/** The row change of a stream's `n`-th event: it claims its own name. */
const event = (id: string, n: number, position = n): FollowedEvent => ({
  eventId: `${id}-${n}`,
  stream: { category: 'user', id },
  revision: BigInt(n),
  number: BigInt(n),
  position: `${position}` as Position,
  event: { type: 'Claimed', data: { value: `${id}.${n}` } },
  metadata: {
    occurredAt: '2026-03-01T12:00:00.000Z',
    correlationId: 'request-1',
    causationId: 'request-1',
    actor: 'system',
    chain: `chain of ${id}.${n}`,
  },
  subject: id,
});

const claim = (value: string, userId: string): RowChange => ({
  table: 'identifier_claims',
  op: 'insert',
  where: { kind: 'username', value },
  set: { user_id: userId, expires_at: null, held_until: null },
});

const streams = createProjectedStreams({
  project: ({ stream: { id }, event: { data } }) => [claim((data as { value: string }).value, id)],
});
const project = (...events: readonly FollowedEvent[]) =>
  database.transaction((connection) => streams.project(connection, events));
const claims = async () => {
  const rows = await database.sql<{ value: string }>(
    'SELECT value FROM identifier_claims ORDER BY value',
  );
  return rows.map(({ value }) => value);
};
const heads = () =>
  database.sql('SELECT stream_id, revision, chain, subject_id FROM streams ORDER BY stream_id');
const head = (id: string, n: number) => ({
  stream_id: `user-${id}`,
  revision: String(n),
  chain: `chain of ${id}.${n}`,
  subject_id: id,
});

describe('events of streams', () => {
  it('are projected with the heads of their streams', async () => {
    await project(event('a', 0), event('b', 0), event('a', 1));
    expect(await claims()).toStrictEqual(['a.0', 'a.1', 'b.0']);
    expect(await heads()).toStrictEqual([head('a', 1), head('b', 0)]);
  });

  it('are projected once, however often they are delivered', async () => {
    await project(event('a', 0), event('a', 1));
    await project(event('a', 0), event('a', 1), event('a', 2), event('b', 0));
    await project(event('a', 1), event('a', 2));
    expect(await claims()).toStrictEqual(['a.0', 'a.1', 'a.2', 'b.0']);
    expect(await heads()).toStrictEqual([head('a', 2), head('b', 0)]);
  });

  it('are unprojected as long as their stream’s head is before them', async () => {
    const all = [event('a', 0), event('a', 1), event('b', 0)];
    const unprojected = async () => {
      const found = await streams.unprojected(database, all);
      return found.map(({ eventId }) => eventId);
    };
    expect(await unprojected()).toStrictEqual(['a-0', 'a-1', 'b-0']);
    await project(event('a', 0));
    expect(await unprojected()).toStrictEqual(['a-1', 'b-0']);
    await project(...all);
    expect(await unprojected()).toStrictEqual([]);
  });

  it.each<[string, FollowedEvent[]]>([
    ['the first of a stream', [event('a', 1)]],
    ['one in between', [event('a', 0), event('a', 2)]],
    ['one, while another stream is complete', [event('b', 0), event('a', 0), event('a', 2)]],
    ['the order', [event('a', 1), event('a', 0)]],
  ])('are all refused when an event is missing: %s', async (_, events) => {
    await expect(project(...events)).rejects.toThrow(MissingEvents);
    expect(await claims()).toStrictEqual([]);
    expect(await heads()).toStrictEqual([]);
  });

  it('are refused when they begin after the next event to project', async () => {
    await project(event('a', 0));
    await expect(project(event('a', 2))).rejects.toThrow('events of user-a are missing');
    expect(await heads()).toStrictEqual([head('a', 0)]);
  });

  it('write no rows when one row cannot be written', async () => {
    await database.sql(
      `INSERT INTO identifier_claims (kind, value, user_id) VALUES ('username', 'a.1', 'b')`,
    );
    await expect(project(event('a', 0), event('a', 1))).rejects.toMatchObject({ code: '23505' });
    expect(await claims()).toStrictEqual(['a.1']);
    expect(await heads()).toStrictEqual([]);
  });
});

describe('several processes that project the same events at the same time', () => {
  it('project each event once', async () => {
    const events = Array.from({ length: 20 }, (_, n) => [event('a', n), event('b', n)]).flat();
    await times(8, async (n) => {
      for (let from = 0; from < events.length; from += 4) {
        await project(...events.slice(n % 2 === 0 ? 0 : from, from + 4));
      }
    });
    expect(await claims()).toHaveLength(40);
    expect(await heads()).toStrictEqual([head('a', 19), head('b', 19)]);
  });

  it('wait for one another, and the later ones project nothing', async () => {
    await project(event('a', 0));
    const other = await openRawSession(database.connectionString);
    try {
      await other.query('BEGIN');
      await other.query(`UPDATE streams SET revision = 1 WHERE stream_id = 'user-a'`);
      const projecting = project(event('a', 1));
      await eventually(async () => {
        const waiting = await database.sql(`SELECT FROM pg_stat_activity
          WHERE datname = current_database() AND wait_event_type = 'Lock'`);
        return waiting.length === 1;
      }, 'it waits');
      await other.query('COMMIT');
      await projecting;
    } finally {
      await other.end();
    }
    expect(await claims()).toStrictEqual(['a.0']);
  });
});
