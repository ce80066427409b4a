import { randomUUID } from 'node:crypto';
import {
  type AppendToStreamOptions,
  MaxAppendSizeExceededError,
  NO_STREAM,
  STREAM_EXISTS,
  StreamDeletedError,
  WrongExpectedVersionError,
} from '@eventstore/db-client';
import { describe, expect, it } from 'vitest';
import { fact, facts, numbersOf, plain, useDouble } from './double-fixtures.ts';

const start = useDouble();

const modes: [string, AppendToStreamOptions][] = [
  ['plain appends', plain],
  ['batch appends', {}],
];

describe.each(modes)('%s', (mode, options) => {
  it('are stored with revisions and positions', async () => {
    const { double, client } = await start();
    const first = await client.appendToStream('a-1', facts(2), options);
    const second = await client.appendToStream('a-1', fact(2), options);
    expect([first.nextExpectedRevision, second.nextExpectedRevision]).toStrictEqual([1n, 2n]);
    const stored = double.events();
    expect(stored.map(({ revision, data }) => ({ revision, data }))).toStrictEqual([
      { revision: 0n, data: { n: 0 } },
      { revision: 1n, data: { n: 1 } },
      { revision: 2n, data: { n: 2 } },
    ]);
    expect(stored[0]?.metadata).toStrictEqual({ by: 'a test' });
    expect([first.position?.commit, second.position?.commit]).toStrictEqual([
      stored[1]?.position,
      stored[2]?.position,
    ]);
    expect(stored[0]?.position).toBeGreaterThan(BigInt(Number.MAX_SAFE_INTEGER));
  });

  it('use the expected method', async () => {
    const { double, client } = await start();
    await client.appendToStream('a-1', fact(0), options);
    const { append = 0, batchAppend = 0 } = double.calls();
    expect([append, batchAppend]).toStrictEqual(mode === 'plain appends' ? [1, 0] : [0, 1]);
  });

  it.each([
    ['no stream', NO_STREAM, 0n],
    ['an earlier revision', 0n, 1n],
    ['a later revision', 5n, 1n],
  ] as const)('are refused when they expect %s', async (_, expectedRevision, more) => {
    const { double, client } = await start();
    await client.appendToStream('a-1', facts(1 + Number(more)), options);
    const refused = client.appendToStream('a-1', fact(9), { ...options, expectedRevision });
    await expect(refused).rejects.toBeInstanceOf(WrongExpectedVersionError);
    await expect(refused).rejects.toMatchObject({
      streamName: 'a-1',
      expectedVersion: expectedRevision,
      actualVersion: more,
    });
    expect(double.events()).toHaveLength(1 + Number(more));
  });

  it('are refused when they expect a missing stream', async () => {
    const { client } = await start();
    for (const expectedRevision of [STREAM_EXISTS, 0n] as const)
      await expect(
        client.appendToStream('a-1', fact(0), { ...options, expectedRevision }),
      ).rejects.toMatchObject({ expectedVersion: expectedRevision, actualVersion: 'no_stream' });
  });

  it('are stored once when repeated at their revision', async () => {
    const { double, client } = await start();
    const events = facts(2);
    const expected = { ...options, expectedRevision: NO_STREAM } as const;
    const first = await client.appendToStream('a-1', events, expected);
    await client.appendToStream('a-1', fact(7), options);
    expect(await client.appendToStream('a-1', events, expected)).toStrictEqual(first);
    expect(double.events()).toHaveLength(3);
  });

  it('are stored once when repeated without a revision', async () => {
    const { double, client } = await start();
    const event = fact(1, randomUUID());
    const first = await client.appendToStream('a-1', event, options);
    expect(await client.appendToStream('a-1', event, options)).toStrictEqual(first);
    await client.appendToStream('a-2', event, options);
    expect(double.events().map(({ stream }) => stream)).toStrictEqual(['a-1', 'a-2']);
  });

  it('are refused when only a part of them is repeated', async () => {
    const { double, client } = await start();
    const events = facts(2);
    const expected = { ...options, expectedRevision: NO_STREAM } as const;
    await client.appendToStream('a-1', events, expected);
    const longer = client.appendToStream('a-1', [...events, fact(3)], expected);
    await expect(longer).rejects.toBeInstanceOf(WrongExpectedVersionError);
    for (const mixed of [events.slice(0, 1), events]) {
      const other = client.appendToStream('a-1', mixed.toSpliced(1, 0, fact(3)), options);
      await expect(other).rejects.toBeInstanceOf(WrongExpectedVersionError);
    }
    expect(double.events()).toHaveLength(2);
  });

  it('continue the numbers of a deleted stream, whose events stay hidden', async () => {
    const { client } = await start();
    await client.appendToStream('a-1', facts(2), options);
    await client.deleteStream('a-1');
    await expect(
      client.appendToStream('a-1', fact(8), { ...options, expectedRevision: STREAM_EXISTS }),
    ).rejects.toBeInstanceOf(StreamDeletedError);
    const again = await client.appendToStream('a-1', fact(9), {
      ...options,
      expectedRevision: NO_STREAM,
    });
    expect(again.nextExpectedRevision).toBe(2n);
    expect(await numbersOf(client.readStream('a-1'))).toStrictEqual([9]);
  });

  it('are refused permanently after a tombstone', async () => {
    const { client } = await start();
    await client.appendToStream('a-1', fact(0), options);
    await client.tombstoneStream('a-1');
    await expect(client.appendToStream('a-1', fact(1), options)).rejects.toBeInstanceOf(
      StreamDeletedError,
    );
  });

  it('are refused above one mebibyte', async () => {
    const { double, client } = await start();
    const large = { ...fact(0), metadata: { by: 'x'.repeat(1_048_576) } };
    const refused = client.appendToStream('a-1', large, options);
    await expect(refused).rejects.toBeInstanceOf(MaxAppendSizeExceededError);
    await expect(refused).rejects.toMatchObject({ maxAppendSize: 1_048_576 });
    const fits = { ...fact(0), metadata: { by: 'x'.repeat(1_048_000) } };
    await client.appendToStream('a-1', fits, options);
    expect(double.events()).toHaveLength(1);
  });
});

describe('a server without batch appends', () => {
  it('gets plain appends from the client', async () => {
    const { double, client } = await start({ batchAppend: false });
    await client.appendToStream('a-1', fact(0));
    expect(double.calls()).toStrictEqual({ features: 1, append: 1 });
  });
});
