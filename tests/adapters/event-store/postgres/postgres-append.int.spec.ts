import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { encodeAppend } from '../../../../src/adapters/event-store/postgres/encode-append.ts';
import { appendStatement } from '../../../../src/adapters/event-store/postgres/postgres-append-statement.ts';
import { isPostgresHead } from '../../../../src/adapters/event-store/postgres/postgres-stream-read.ts';
import type {
  Database,
  Queryable,
} from '../../../../src/adapters/postgres/connection/connection.ts';
import {
  type EventStore,
  RevisionConflict,
} from '../../../../src/application/kernel/event-store.ts';
import { projectEvent } from '../../../../src/application/projections/project-event.ts';
import type { Columns } from '../../../../src/application/projections/row-change.ts';
import {
  householdCreated,
  newEvent,
  newStream,
  registration,
  shapes,
  startOf,
} from '../../../support/event-log/event-store-fixtures.ts';
import {
  createTestEventStore,
  openTestEventStore,
  type TestEventStore,
  testCodec,
} from '../../../support/event-log/postgres-event-store.ts';
import { started } from '../../../support/events/token-family-fixtures.ts';
import { openRawSession } from '../../../support/servers/raw-session.ts';

let opened: TestEventStore;
let store: EventStore;
let queries: number;

const counted = (database: Database): Database => {
  const query: Queryable['query'] = (statement) => {
    queries += 1;
    return database.query(statement);
  };
  return { ...database, query };
};

const countRows = async (...tables: readonly string[]): Promise<readonly number[]> => {
  const counts = tables.map((table) => `(SELECT count(*)::integer FROM ${table})`);
  const [row] = await opened.database.query<{ counts: number[] }>({
    text: `SELECT ARRAY[${counts}] AS counts`,
  });
  return row?.counts ?? [];
};

beforeAll(async () => {
  opened = await openTestEventStore();
});
afterAll(() => opened?.close());
beforeEach(async () => {
  await opened.database.query({
    text: 'TRUNCATE streams, events, subject_keys, identifier_claims, users CASCADE',
  });
  store = createTestEventStore(opened.database, { project: projectEvent, through: counted });
  queries = 0;
});

/** A user with a household and a session: three streams, rows in seven tables. */
const household = newStream();
const user = newStream('user');
const signUp = () => {
  const createdAt = '2026-03-01T12:00:00.000Z';
  const data = { name: 'Home', ownerId: user.id, home: true, createdAt };
  const session = { ...started.data, userId: user.id, householdId: household.id };
  return [
    startOf(user, registration()),
    startOf(household, newEvent({ type: 'HouseholdCreated', data })),
    startOf(newStream('tokenFamily'), newEvent({ ...started, data: session })),
  ];
};

describe('an append', () => {
  it('takes one round trip, whatever it writes', async () => {
    await store.append(signUp());
    expect(queries).toBe(1);
    expect(
      await countRows('events', 'streams', 'subject_keys', 'users', 'households', 'sessions'),
    ).toStrictEqual([3, 3, 2, 1, 1, 1]);
  });

  it('takes one round trip after the read on which it is based', async () => {
    await store.append(signUp());
    const { head: expected } = await store.read(user, 1);
    queries = 0;
    const changed = newEvent({
      type: 'DisplayNameChanged',
      data: { displayName: 'Anna', changedAt: '2026-03-01T12:00:01.000Z' },
    });
    await store.append([{ stream: user, expected, events: [changed] }]);
    expect(queries).toBe(1);
    const rows = await opened.database.query({ text: 'SELECT display_name FROM users' });
    expect(rows).toStrictEqual([{ display_name: 'Anna' }]);
  });

  it.each<[string, Columns]>([
    ['breaks a constraint of its table', { role: 'nobody' }],
    ['breaks a foreign key that is checked at the end', { household_id: 'hh_missing' }],
  ])('stores no event when a row change %s', async (_, broken) => {
    const breaking = createTestEventStore(opened.database, {
      project: (event) =>
        projectEvent(event).map((change) =>
          change.table === 'users' ? { ...change, set: { ...change.set, ...broken } } : change,
        ),
    });
    await expect(breaking.append([startOf(user, registration())])).rejects.toThrow(/constraint/);
    expect(
      await countRows('events', 'streams', 'subject_keys', 'users', 'identifier_claims'),
    ).toStrictEqual([0, 0, 0, 0, 0]);
  });

  it('keeps the data key of a repeated registration', async () => {
    const bare = createTestEventStore(opened.database);
    const first = startOf(user, registration());
    await bare.append([first]);
    await bare.append([first]);
    const family = newStream('tokenFamily');
    const event = newEvent({ ...started, data: { ...started.data, userId: user.id } });
    await bare.append([startOf(family, event)]);
    expect((await store.read(family, 0)).events).toStrictEqual([event.event]);
  });
});

describe('a transaction that began before the last append', () => {
  it('cannot append after it', async () => {
    const stream = newStream();
    const bare = createTestEventStore(opened.database);
    await bare.append([startOf(stream, householdCreated('first'))]);
    const older = await openRawSession(opened.connectionString);
    const appended = async (name: string) => {
      const { head } = await bare.read(stream, 0);
      const subject = { id: null, subject: undefined, newWrappedKey: undefined };
      const append = { stream, expected: head, events: [householdCreated(name)] };
      const encoded = encodeAppend(
        testCodec,
        append,
        isPostgresHead(head) ? head : undefined,
        subject,
      );
      const { text, values = [] } = appendStatement([encoded], [], (_shape, write) => ({
        text: write(),
      }));
      return older.query(text, ...values);
    };
    try {
      await older.query('BEGIN');
      await older.query('SELECT pg_current_xact_id()');
      await bare.append([
        { stream, expected: { revision: 0n }, events: [householdCreated('by the younger')] },
      ]);
      expect(await appended('by the older')).toStrictEqual([{ appended: 0 }]);
      await older.query('COMMIT');
      // The same statement in a newer transaction.
      expect(await appended('by the youngest')).toStrictEqual([{ appended: 1 }]);
    } finally {
      await older.end();
    }
    const { events } = await bare.readStream(stream);
    expect(shapes(events).map(({ data }) => data)).toMatchObject([
      { name: 'first' },
      { name: 'by the younger' },
      { name: 'by the youngest' },
    ]);
    await expect(
      bare.append([{ stream, expected: { revision: 1n }, events: [householdCreated('late')] }]),
    ).rejects.toThrow(RevisionConflict);
  });
});
