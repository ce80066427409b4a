import { describe, expect, it } from 'vitest';
import {
  aStream,
  counted,
  idsOf,
  type OpenedDouble,
  outcomeOf,
  SHORT_TIMEOUT_OPTIONS,
  startFollowing,
  useDoubles,
} from '../../../../support/event-log/eventstoredb-client-fixtures.ts';
import { eventually } from '../../../../support/kernel/eventually.ts';

const open = useDoubles();
const nodes = 3;

/** Appends one event after the other until it is stopped. @returns ids of acknowledged events */
const writeTo = (double: OpenedDouble, signal: AbortSignal): Promise<string[]> => {
  const [client, stream] = [double.connect(), aStream()];
  const run = async () => {
    const acknowledged: string[] = [];
    for (let n = 0; !signal.aborted; n += 1) {
      const event = counted(n);
      await client.append(stream, n === 0 ? 'none' : BigInt(n - 1), [event]);
      acknowledged.push(event.id);
    }
    return acknowledged;
  };
  return run();
};

describe('a cluster', () => {
  it('serves appends and reads at its leader', async () => {
    const double = await open({ nodes });
    const [client, stream, event] = [double.connect(), aStream(), counted(0)];
    await client.append(stream, 'none', [event]);
    expect(idsOf(await client.readStream(stream, 0n))).toStrictEqual([event.id]);
  });

  it('is followed to its new leader during appends and reads', async () => {
    const double = await open({ nodes });
    const [client, stream] = [double.connect(), aStream()];
    const ids: string[] = [];
    for (let n = 0; n < 12; n += 1) {
      const event = counted(n);
      double.faults.changeLeader();
      await client.append(stream, n === 0 ? 'none' : BigInt(n - 1), [event]);
      ids.push(event.id);
      double.faults.changeLeader();
      expect(idsOf(await client.readStream(stream, 0n))).toStrictEqual(ids);
    }
  });

  it('neither loses nor duplicates events while leaders change under load', async () => {
    const double = await open({ nodes });
    const stopping = new AbortController();
    const following = startFollowing(double.connect());
    const writers = Array.from({ length: 4 }, () => writeTo(double, stopping.signal));
    for (let change = 0; change < 8; change += 1) {
      const before = double.events().length;
      await eventually(() => double.events().length > before + 10, 'appends go on');
      double.faults.changeLeader();
    }
    stopping.abort();
    const acknowledged = (await Promise.all(writers)).flat();
    const stored = double.events().map(({ eventId }) => eventId);
    expect([...stored].sort()).toStrictEqual([...acknowledged].sort());
    await following.hasDelivered(stored.length);
    expect(idsOf(following.delivered)).toStrictEqual(stored);
    await following.stop();
  });

  it('neither loses nor duplicates events while nodes stop and restart', async () => {
    const double = await open({ nodes });
    const stopping = new AbortController();
    const following = startFollowing(double.connect());
    const writers = Array.from({ length: 3 }, () => writeTo(double, stopping.signal));
    for (const _ of [1, 2, 3]) {
      const node = double.leader();
      await double.faults.stopNode(node);
      const before = double.events().length;
      await eventually(() => double.events().length > before + 10, 'appends go on');
      await double.faults.startNode(node);
    }
    stopping.abort();
    const acknowledged = (await Promise.all(writers)).flat();
    const stored = double.events().map(({ eventId }) => eventId);
    expect([...stored].sort()).toStrictEqual([...acknowledged].sort());
    await following.hasDelivered(stored.length);
    expect(idsOf(following.delivered)).toStrictEqual(stored);
    await following.stop();
  });
});

describe('a cluster that cannot be discovered', () => {
  it('is found by the same client once it runs', async () => {
    const double = await open({ nodes });
    await double.pause();
    const client = double.connect(SHORT_TIMEOUT_OPTIONS);
    const outcome = await outcomeOf(client.append(aStream(), 'none', [counted(0)]));
    expect(outcome).toMatchObject({ code: 'service_unavailable' });
    await double.resume();
    const event = counted(1);
    await eventually(
      () =>
        client.append(aStream(), 'none', [event]).then(
          () => true,
          () => false,
        ),
      'the cluster is found',
    );
    expect(double.events().map(({ eventId }) => eventId)).toContain(event.id);
  });

  it('fails every call within its time limit when gossip is not answered', async () => {
    const double = await open({ nodes });
    double.faults.always('gossip', { kind: 'hang' });
    const client = double.connect(SHORT_TIMEOUT_OPTIONS);
    const attempts = [
      client.append(aStream(), 'none', [counted(0)]),
      client.readStream(aStream(), 0n),
      client.endOfLog(),
    ];
    for (const outcome of await Promise.all(attempts.map(outcomeOf))) {
      expect(outcome).toMatchObject({ code: 'service_unavailable' });
    }
    double.faults.clear();
    await eventually(
      () =>
        client.readLast(aStream()).then(
          () => true,
          () => false,
        ),
      'the cluster is found',
    );
  });

  it('delivers to a subscription that was opened before it ran', async () => {
    const double = await open({ nodes });
    await double.pause();
    const client = double.connect(SHORT_TIMEOUT_OPTIONS);
    const following = startFollowing(client);
    expect(await outcomeOf(client.ping())).toMatchObject({ code: 'service_unavailable' });
    await double.resume();
    const event = counted(0);
    await double.connect().append(aStream(), 'none', [event]);
    await following.hasDelivered(1);
    expect(idsOf(following.delivered)).toStrictEqual([event.id]);
    await following.stop();
  });
});
