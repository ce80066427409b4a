import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDatabase } from '../../../../src/adapters/postgres/connection/connection.ts';
import { streamName } from '../../../../src/application/kernel/event-store.ts';
import {
  householdCreated,
  newStream,
  shapes,
  startOf,
} from '../../../support/event-log/event-store-fixtures.ts';
import {
  createTestEventStore,
  openTestEventStore,
  type TestEventStore,
} from '../../../support/event-log/postgres-event-store.ts';
import { startCuttingProxy } from '../../../support/servers/cutting-proxy.ts';
import { openRawSession, terminateWhoeverWaits } from '../../../support/servers/raw-session.ts';

let opened: TestEventStore;
beforeAll(async () => {
  opened = await openTestEventStore();
});
afterAll(() => opened?.close());

const unavailable = { name: 'ApplicationError', code: 'service_unavailable' };

/** An append after the first event of a new stream. */
const prepare = async () => {
  const stream = newStream();
  const first = householdCreated('first');
  await opened.store.append([startOf(stream, first)]);
  const { head: expected } = await opened.store.read(stream, 0);
  const second = householdCreated('second');
  const stored = async () => (await opened.store.read(stream, 0)).events;
  return { stream, first, second, append: { stream, expected, events: [second] }, stored };
};

describe('when the connection is lost before the append is stored', () => {
  it('the append fails with service_unavailable, stores nothing, and can be repeated', async () => {
    const { stream, first, second, append, stored } = await prepare();
    const holder = await openRawSession(opened.connectionString);
    try {
      await holder.query('BEGIN');
      await holder.query('SELECT FROM streams WHERE stream_id = $1 FOR UPDATE', streamName(stream));
      const attempt = expect(opened.store.append([append])).rejects.toMatchObject(unavailable);
      await terminateWhoeverWaits(holder);
      await attempt;
      await holder.query('ROLLBACK');
    } finally {
      await holder.end();
    }
    expect(await stored()).toStrictEqual(shapes([first]));
    await opened.store.append([append]);
    expect(await stored()).toStrictEqual(shapes([first, second]));
  });
});

describe('when the connection is lost after the append was stored', () => {
  it('the append fails with service_unavailable, and repeating it stores nothing new', async () => {
    const { first, second, append, stored } = await prepare();
    const proxy = await startCuttingProxy(opened.connectionString);
    const database = createDatabase({ ...proxy, maxConnections: 1 });
    const store = createTestEventStore(database);
    try {
      await database.query({ text: 'SELECT' });
      proxy.cutNextAnswer();
      await expect(store.append([append])).rejects.toMatchObject(unavailable);
      expect(proxy.cuts()).toBe(1);
      expect(await stored()).toStrictEqual(shapes([first, second]));
      await store.append([append]);
    } finally {
      await database.close();
      await proxy.close();
    }
    expect(await stored()).toStrictEqual(shapes([first, second]));
  });
});
