import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { encodeAppend } from '../../../../src/adapters/event-store/postgres/encode-append.ts';
import { appendStatement } from '../../../../src/adapters/event-store/postgres/postgres-append-statement.ts';
import type {
  Database,
  Queryable,
} from '../../../../src/adapters/postgres/connection/connection.ts';
import { createPostgresAccessTokenDenylist } from '../../../../src/adapters/postgres/sessions/postgres-access-token-denylist.ts';
import type { EventStore, StreamAppend } from '../../../../src/application/kernel/event-store.ts';
import {
  appendTo,
  collect,
  householdCreated,
  ids,
  newStream,
  shapes,
  startOf,
} from '../../../support/event-log/event-store-fixtures.ts';
import {
  createTestEventStore,
  openTestEventStore,
  type TestEventStore,
  testCodec,
} from '../../../support/event-log/postgres-event-store.ts';
import { openRawSession, type RawSession } from '../../../support/servers/raw-session.ts';

const DEADLINE = { timeout: 10_000 };

let opened: TestEventStore;
let looks: number;
let store: EventStore;
let other: RawSession;
let stop: AbortController;
let ended: Promise<void>;
let delivered: string[];

/** Counts reads of the log, so that a test can distinguish "no event" from "not yet". */
const countingLooks = (database: Database): Database => {
  const query: Queryable['query'] = async (statement) => {
    const rows = await database.query(statement);
    if (statement.name === 'read_log') looks += 1;
    return rows as never;
  };
  return { ...database, query };
};

const waitForLooks = async (count: number): Promise<void> => {
  const from = looks;
  await vi.waitFor(() => expect(looks).toBeGreaterThanOrEqual(from + count), DEADLINE);
};

const waitForDelivery = (events: readonly { eventId: string }[]): Promise<void> =>
  vi.waitFor(() => expect(delivered).toStrictEqual(ids(events)), DEADLINE);

/** The adapter's statement in a transaction that the test ends. */
const appendIn = (session: RawSession, append: StreamAppend) => {
  const subject = { id: null, subject: undefined, newWrappedKey: undefined };
  const encoded = encodeAppend(testCodec, append, undefined, subject);
  const { text, values = [] } = appendStatement([encoded], [], (_shape, write) => ({
    text: write(),
  }));
  return session.query(text, ...values);
};

const follow = async () => {
  for await (const { eventId } of store.subscribe(undefined, {}, stop.signal)) {
    delivered.push(eventId);
  }
};

beforeAll(async () => {
  opened = await openTestEventStore();
});
afterAll(() => opened?.close());
beforeEach(async () => {
  await opened.database.query({ text: 'TRUNCATE streams, events' });
  store = createTestEventStore(opened.database, { through: countingLooks });
  other = await openRawSession(opened.connectionString);
  stop = new AbortController();
  looks = 0;
  delivered = [];
  ended = follow();
});
afterEach(async () => {
  await other.end();
  stop.abort();
  await ended;
});

describe('a transaction that commits after one that began later', () => {
  it('is neither skipped nor delivered after the younger one', async () => {
    const [before, slow, quick, after] = ['before', 'slow', 'quick', 'after'].map(householdCreated);
    if (!before || !slow || !quick || !after) throw new TypeError('there are four events');
    await store.append([startOf(newStream(), before)]);
    await waitForDelivery([before]);

    await other.query('BEGIN');
    await appendIn(other, startOf(newStream(), slow));
    await store.append([startOf(newStream(), quick)]);
    await waitForLooks(3);
    expect(delivered).toStrictEqual([before.eventId]);
    expect(ids(await collect(store.readAll()))).toStrictEqual([before.eventId]);

    await other.query('COMMIT');
    await store.append([startOf(newStream(), after)]);
    await waitForDelivery([before, slow, quick, after]);
    expect(ids(await collect(store.readAll()))).toStrictEqual(delivered);
  });

  it('is delivered first even when it took its position last', async () => {
    const [slow, quick] = [householdCreated('slow'), householdCreated('quick')];
    await other.query('BEGIN');
    await other.query('SELECT pg_current_xact_id()');
    await store.append([startOf(newStream(), quick)]);
    await appendIn(other, startOf(newStream(), slow));
    await other.query('COMMIT');
    await waitForDelivery([slow, quick]);
    const log = await collect(store.readAll());
    expect(ids(log)).toStrictEqual(delivered);
    expect(ids(await collect(store.readAll(log[0]?.position)))).toStrictEqual([quick.eventId]);
    await waitForLooks(3);
    expect(delivered).toHaveLength(2);
  });

  it('delays no event when it rolls back', async () => {
    const [slow, quick] = [householdCreated('slow'), householdCreated('quick')];
    await other.query('BEGIN');
    await appendIn(other, startOf(newStream(), slow));
    await store.append([startOf(newStream(), quick)]);
    await waitForLooks(3);
    expect(delivered).toStrictEqual([]);
    await other.query('ROLLBACK');
    await waitForDelivery([quick]);
  });
});

describe('a writing transaction that stays open', () => {
  it('delays subscriptions, but neither appends nor reads of streams nor the denylist', async () => {
    const denylist = createPostgresAccessTokenDenylist(opened.database);
    const stream = newStream();
    const events = ['a', 'b', 'c'].map(householdCreated);
    await denylist.start();
    try {
      await other.query('BEGIN');
      await other.query('SELECT pg_current_xact_id()');
      for (const event of events) await appendTo(store, stream, event);
      expect((await store.read(stream, 0)).events).toStrictEqual(shapes(events));
      expect(ids((await store.readStream(stream)).events)).toStrictEqual(ids(events));
      await opened.database.query({
        text: `SET session_replication_role = replica;
          INSERT INTO revoked_tokens VALUES ('family.0', 'nobody', now(), now() + interval '1 hour');
          RESET session_replication_role`,
      });
      await vi.waitFor(() => expect(denylist.has('family.0')).toBe(true), DEADLINE);
      await waitForLooks(3);
      expect(delivered).toStrictEqual([]);
    } finally {
      await denylist.stop();
      await other.query('COMMIT');
    }
    await waitForDelivery(events);
  });
});
