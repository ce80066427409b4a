import {
  BACKWARDS,
  END,
  FORWARDS,
  type Position,
  START,
  StreamDeletedError,
  StreamNotFoundError,
  WrongExpectedVersionError,
} from '@eventstore/db-client';
import { describe, expect, it } from 'vitest';
import { fact, facts, numbersOf, revisionsOf, useDouble } from './double-fixtures.ts';

const start = useDouble();

const withFive = async () => {
  const pair = await start();
  await pair.client.appendToStream('a-1', facts(5));
  return pair;
};

const positionOf = (commit: bigint | undefined): Position => ({
  commit: commit ?? -1n,
  prepare: commit ?? -1n,
});

describe('a read of a stream', () => {
  it.each([
    [{}, [0, 1, 2, 3, 4]],
    [{ maxCount: 2 }, [0, 1]],
    [{ fromRevision: 3n }, [3, 4]],
    [{ fromRevision: 1n, maxCount: 2 }, [1, 2]],
    [{ fromRevision: 5n }, []],
    [{ fromRevision: END, direction: FORWARDS }, []],
    [{ direction: BACKWARDS, fromRevision: END }, [4, 3, 2, 1, 0]],
    [{ direction: BACKWARDS, fromRevision: END, maxCount: 1 }, [4]],
    [{ direction: BACKWARDS, fromRevision: 2n }, [2, 1, 0]],
    [{ direction: BACKWARDS, fromRevision: 9n, maxCount: 2 }, [4, 3]],
    [{ direction: BACKWARDS, fromRevision: START }, [0]],
  ] as const)('with %o finds %o', async (options, expected) => {
    const { client } = await withFive();
    expect(await numbersOf(client.readStream('a-1', options))).toStrictEqual(expected);
  });

  it('returns events with all their fields but the position', async () => {
    const { double, client } = await withFive();
    const [stored] = double.events();
    for await (const { event } of client.readStream('a-1', { maxCount: 1 })) {
      expect(event).toMatchObject({
        id: stored?.eventId,
        streamId: 'a-1',
        type: 'Counted',
        data: { n: 0 },
        metadata: { by: 'a test' },
        position: positionOf(2n ** 64n - 1n),
      });
      expect(Math.abs(Number(event?.created) - Date.now())).toBeLessThan(60_000);
    }
  });

  it('finds no stream when it is missing or deleted', async () => {
    const { client } = await withFive();
    await client.deleteStream('a-1');
    for (const name of ['a-1', 'a-2'])
      await expect(numbersOf(client.readStream(name))).rejects.toBeInstanceOf(StreamNotFoundError);
  });

  it('is refused after a tombstone', async () => {
    const { client } = await withFive();
    await client.tombstoneStream('a-1');
    const read = numbersOf(client.readStream('a-1'));
    await expect(read).rejects.toBeInstanceOf(StreamDeletedError);
  });

  it("returns the events that the stream's metadata leave visible", async () => {
    const { client } = await withFive();
    await client.setStreamMetadata('a-1', { maxCount: 2 });
    expect(await revisionsOf(client.readStream('a-1'))).toStrictEqual([3n, 4n]);
    await client.setStreamMetadata('a-1', { truncateBefore: 4, maxCount: 3 });
    expect(await revisionsOf(client.readStream('a-1'))).toStrictEqual([4n]);
    const earlier = client.readStream('a-1', { fromRevision: 1n });
    expect(await revisionsOf(earlier)).toStrictEqual([4n]);
  });
});

describe('a read of the whole log', () => {
  const withSix = async () => {
    const pair = await start();
    for (let n = 0; n < 6; n += 1) await pair.client.appendToStream(`a-${n}`, fact(n));
    return { ...pair, at: (n: number) => positionOf(pair.double.events()[n]?.position) };
  };

  it('includes the event at its position forwards, but not backwards', async () => {
    const { client, at } = await withSix();
    const forwards = client.readAll({ fromPosition: at(2), maxCount: 3 });
    expect(await numbersOf(forwards)).toStrictEqual([2, 3, 4]);
    const backwards = client.readAll({ direction: BACKWARDS, fromPosition: at(2), maxCount: 3 });
    expect(await numbersOf(backwards)).toStrictEqual([1, 0]);
  });

  it('starts at either end', async () => {
    const { client } = await withSix();
    expect(await numbersOf(client.readAll())).toStrictEqual([0, 1, 2, 3, 4, 5]);
    const last = client.readAll({ direction: BACKWARDS, fromPosition: END, maxCount: 2 });
    expect(await numbersOf(last)).toStrictEqual([5, 4]);
    expect(await numbersOf(client.readAll({ fromPosition: END }))).toStrictEqual([]);
  });

  it("includes system events, which the double's own list omits", async () => {
    const { double, client } = await start();
    for (let n = 0; n < 20; n += 1) await client.appendToStream('a-1', fact(n));
    const types: string[] = [];
    for await (const { event } of client.readAll()) types.push(String(event?.type));
    expect(types.filter((type) => type !== 'Counted')).toStrictEqual([
      '$statsCollected',
      '$metadata',
    ]);
    expect(double.events()).toHaveLength(20);
    expect(double.events({ system: true })).toHaveLength(22);
  });
});

describe('a deletion', () => {
  it('is refused at another revision', async () => {
    const { client } = await withFive();
    const refused = client.deleteStream('a-1', { expectedRevision: 2n });
    await expect(refused).rejects.toBeInstanceOf(WrongExpectedVersionError);
    await expect(refused).rejects.toMatchObject({ expectedVersion: 2n, actualVersion: 4n });
    await client.deleteStream('a-1', { expectedRevision: 4n });
  });
});
