import { status } from '@grpc/grpc-js';
import { describe, expect, it } from 'vitest';
import type { EventStoreDbClient } from '../../../../../src/adapters/event-store/eventstoredb/client/eventstoredb-client.ts';
import {
  aStream,
  counted,
  countedTo,
  idsOf,
  type OpenedDouble,
  startFollowing,
  useDoubles,
} from '../../../../support/event-log/eventstoredb-client-fixtures.ts';
import { eventually } from '../../../../support/kernel/eventually.ts';

const open = useDoubles();

/** Events of separate streams. */
const appendApart = async (client: EventStoreDbClient, count: number) => {
  for (const event of countedTo(count)) await client.append(aStream(), 'none', [event]);
};

const oursIn = (double: OpenedDouble) =>
  double.events().flatMap(({ stream, eventId }) => (stream.startsWith('ours-') ? [eventId] : []));

/** All stored events, in the same order. */
const expectAll = async (
  double: OpenedDouble,
  following: ReturnType<typeof startFollowing>,
): Promise<void> => {
  const stored = oursIn(double);
  await following.hasDelivered(stored.length);
  expect(idsOf(following.delivered)).toStrictEqual(stored);
};

const isLive = (double: OpenedDouble, subscriptions: number) =>
  eventually(() => double.calls().subscribe === subscriptions, `${subscriptions} are subscribed`);

describe('a subscription', () => {
  it("delivers existing and new events of Latchkey's streams only", async () => {
    const double = await open();
    const [client, others] = [double.connect(), double.connect({ prefix: 'theirs-' })];
    await appendApart(client, 300);
    await appendApart(others, 40);
    await others.append('households-1', 'none', [counted(0)]);
    await client.append('households-1', 'none', [counted(0)]);
    const stored = oursIn(double).slice(0, 300);
    const following = startFollowing(client);
    await following.hasDelivered(300);
    await appendApart(others, 40);
    const [stream, late] = [aStream(), counted(1)];
    await client.append(stream, 'none', [late]);
    await following.hasDelivered(301);
    expect(idsOf(following.delivered)).toStrictEqual([...stored, late.id]);
    expect(following.delivered[300]).toStrictEqual({
      ...late,
      stream,
      number: 0n,
      position: following.delivered[300]?.position,
    });
    await following.stop();
  });

  it('starts after any position, however large', async () => {
    const double = await open({ startPosition: 18_446_744_073_709_000_000n });
    const client = double.connect();
    await appendApart(client, 5);
    const first = startFollowing(client);
    await first.hasDelivered(5);
    await first.stop();
    for (const [i, { position }] of first.delivered.slice(0, 4).entries()) {
      const rest = startFollowing(client, position);
      await rest.hasDelivered(4 - i);
      expect(rest.delivered).toStrictEqual(first.delivered.slice(i + 1));
      await rest.stop();
    }
  });

  it('waits for a slow consumer', async () => {
    const double = await open();
    const client = double.connect();
    await client.append(aStream(), 'none', countedTo(3_000));
    const stopping = new AbortController();
    const taken: string[] = [];
    let atWork = 0;
    for await (const events of client.subscribe(undefined, stopping.signal)) {
      atWork += 1;
      await new Promise((resolve) => setTimeout(resolve, 1));
      expect(atWork).toBe(1);
      taken.push(...idsOf(events));
      atWork -= 1;
      if (taken.length === 3_000) stopping.abort();
    }
    expect(taken).toStrictEqual(oursIn(double));
  });
});

describe('a subscription that breaks', () => {
  it.each([
    status.CANCELLED,
    status.UNKNOWN,
    status.DEADLINE_EXCEEDED,
    status.RESOURCE_EXHAUSTED,
    status.ABORTED,
    status.INTERNAL,
    status.UNAVAILABLE,
  ])('with status %i continues at its position', async (code) => {
    const double = await open();
    const client = double.connect();
    await appendApart(client, 30);
    double.faults.next('subscribe', { kind: 'breakOff', after: 7, code }, 2);
    const following = startFollowing(client);
    await following.hasDelivered(30);
    double.faults.dropSubscriptions(code);
    await appendApart(client, 10);
    await expectAll(double, following);
    await following.stop();
  });

  it('continues when its connection was cut', async () => {
    const double = await open();
    const client = double.connect();
    const following = startFollowing(client);
    for (let round = 1; round < 4; round += 1) {
      await appendApart(client, 10);
      await following.hasDelivered(round * 10);
      double.faults.cutConnections();
    }
    await appendApart(client, 10);
    await expectAll(double, following);
    await following.stop();
  });

  it('continues when the store is available again', async () => {
    const double = await open();
    const client = double.connect();
    await appendApart(client, 5);
    const following = startFollowing(client);
    await following.hasDelivered(5);
    await double.pause();
    await double.resume();
    await appendApart(client, 5);
    await expectAll(double, following);
    await following.stop();
  });

  it('fails when the credentials are rejected', async () => {
    const double = await open();
    double.faults.always('subscribe', { kind: 'fail', code: status.PERMISSION_DENIED });
    const following = startFollowing(double.connect());
    await expect(following.over).rejects.toMatchObject({ code: status.PERMISSION_DENIED });
  });
});

describe('a subscription that does not deliver all events', () => {
  it('is replaced when it is silent while the log grows', async () => {
    const double = await open();
    const client = double.connect();
    await appendApart(client, 5);
    const following = startFollowing(client);
    await following.hasDelivered(5);
    double.faults.stallSubscriptions();
    await appendApart(client, 5);
    await eventually(() => (double.calls().subscribe ?? 0) > 1, 'it is made anew');
    double.faults.resumeSubscriptions();
    await expectAll(double, following);
    await following.stop();
  });

  it('is replaced when it is never confirmed', async () => {
    const double = await open();
    const client = double.connect();
    await appendApart(client, 5);
    double.faults.next('subscribe', { kind: 'hang' }, 2);
    const following = startFollowing(client);
    await expectAll(double, following);
    expect(double.calls().subscribe).toBe(3);
    await following.stop();
  });

  it('is kept when there are no new events', async () => {
    const double = await open();
    const [client, others] = [double.connect(), double.connect({ prefix: 'theirs-' })];
    await appendApart(client, 5);
    const following = startFollowing(client);
    await following.hasDelivered(5);
    await appendApart(others, 200);
    const looks = () => double.calls().readAll ?? 0;
    await eventually(() => looks() >= 3, 'the end of the log was looked at');
    expect(double.calls().subscribe).toBe(1);
    await following.stop();
  });

  it('delivers an event once that it receives twice', async () => {
    const double = await open();
    const client = double.connect();
    const following = startFollowing(client);
    await isLive(double, 1);
    await appendApart(client, 1);
    await following.hasDelivered(1);
    double.faults.duplicateDeliveries(20);
    await appendApart(client, 30);
    await expectAll(double, following);
    await following.stop();
  });
});

describe('a subscription that is aborted', () => {
  it('ends while it waits, and cancels its call', async () => {
    const double = await open();
    const client = double.connect();
    await appendApart(client, 1);
    const following = startFollowing(client);
    await following.hasDelivered(1);
    await following.stop();
    await appendApart(client, 1);
    expect(following.delivered).toHaveLength(1);
    await eventually(() => double.openCalls() === 0, 'the server knows');
  });

  it('ends with its client', async () => {
    const double = await open();
    const client = double.connect();
    await appendApart(client, 1);
    const following = startFollowing(client);
    await following.hasDelivered(1);
    await client.close();
    await following.stop();
    await eventually(() => double.openCalls() === 0, 'the server knows');
  });

  it('ends when its consumer stops iterating', async () => {
    const double = await open();
    const client = double.connect();
    await appendApart(client, 50);
    for (let i = 0; i < 20; i += 1) {
      for await (const [first] of client.subscribe(undefined, new AbortController().signal)) {
        expect(first?.id).toBe(oursIn(double)[0]);
        break;
      }
    }
    await eventually(() => double.openCalls() === 0, 'the server knows');
  });

  it('is not opened when it was aborted before', async () => {
    const double = await open();
    for await (const _ of double.connect().subscribe(undefined, AbortSignal.abort())) {
      expect.unreachable();
    }
    expect(double.calls()).toStrictEqual({});
  });
});
