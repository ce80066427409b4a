import { describe, expect, it } from 'vitest';
import { tokenFamilyAggregate } from '../../../src/application/kernel/aggregate.ts';
import { createCommandHandler } from '../../../src/application/kernel/command-handler.ts';
import { ApplicationError } from '../../../src/application/kernel/errors.ts';
import type { StreamHistory } from '../../../src/application/kernel/event-store.ts';
import type { IdGenerator } from '../../../src/application/kernel/id-generator.ts';
import { fold } from '../../../src/domain/decider.ts';
import { tokenFamilyDecider } from '../../../src/domain/token-family/token-family-decider.ts';
import type { TokenFamilyEvent } from '../../../src/domain/token-family/token-family-events.ts';
import type { TokenFamilyState } from '../../../src/domain/token-family/token-family-state.ts';
import {
  at,
  laptop,
  present,
  revoke,
  revoked,
  rotated,
  span,
  start,
  started,
  stranger,
  theftDetected,
} from '../../support/events/token-family-fixtures.ts';
import {
  createCountingIds,
  createScriptedEventStore,
  emptyHistory,
} from '../../support/kernel/scripted-event-store.ts';

type Script = Parameters<typeof createScriptedEventStore>[0];
type History = StreamHistory<TokenFamilyEvent, TokenFamilyState>;

const context = {
  correlationId: 'request-1',
  actor: 'user_ann',
  client: { ip: laptop.ip, userAgent: laptop.userAgent },
};
const stream = { category: 'tokenFamily', id: 'family' } as const;
const stateOf = (...events: TokenFamilyEvent[]) =>
  fold(tokenFamilyDecider, tokenFamilyDecider.initialState, events);
const historyOf = (...events: TokenFamilyEvent[]): History => ({
  head: { revision: BigInt(events.length - 1) },
  snapshot: undefined,
  events,
});

const setUp = (script?: Script) => {
  const { store, reads, appends } = createScriptedEventStore(script);
  const handler = createCommandHandler({
    eventStore: store,
    ids: createCountingIds() as IdGenerator,
  });
  const execute = (command: ReturnType<typeof present> | ReturnType<typeof revoke>, h?: History) =>
    handler.execute(tokenFamilyAggregate, 'family', command, context, h);
  return { handler, execute, reads, appends };
};

const metadata = (seconds: number, actor = 'user_ann') => ({
  occurredAt: at(seconds),
  correlationId: 'request-1',
  causationId: 'request-1',
  actor,
});

describe('the execution of a command', () => {
  it('reads the stream, appends the events at its head and returns them', async () => {
    const { execute, reads, appends } = setUp({ histories: [historyOf(started)] });
    const state = stateOf(started, rotated(1, 60));
    expect(await execute(present(0, 60))).toStrictEqual({ events: [rotated(1, 60)], state });
    expect(reads).toStrictEqual([{ stream, snapshotVersion: 2 }]);
    expect(appends).toStrictEqual([
      [
        {
          stream,
          expected: { revision: 0n },
          events: [{ eventId: 'event-1', event: rotated(1, 60), metadata: metadata(60) }],
          snapshot: { version: 2, state },
        },
      ],
    ]);
  });

  it('passes on the head with fields that the store added', async () => {
    const head = { revision: 0n, chain: 'what came before' };
    const { execute, appends } = setUp({ histories: [{ ...historyOf(started), head }] });
    await execute(present(0, 60));
    expect(appends[0]?.[0]?.expected).toBe(head);
  });

  it('decides on the snapshot and the events after it', async () => {
    const snapshot = stateOf(started, rotated(1, 60));
    const history = { head: { revision: 2n }, snapshot, events: [rotated(2, 120)] };
    const { execute, appends } = setUp({ histories: [history] });
    expect(await execute(present(2, 180))).toStrictEqual({
      events: [rotated(3, 180)],
      state: stateOf(started, rotated(1, 60), rotated(2, 120), rotated(3, 180)),
    });
    expect(appends[0]?.[0]?.expected).toStrictEqual({ revision: 2n });
  });

  it('reads and writes snapshots with the version of its aggregate', async () => {
    const { handler, reads, appends } = setUp({ histories: [historyOf(started)] });
    const newer = { ...tokenFamilyAggregate, snapshotVersion: 7 };
    await handler.execute(newer, 'family', present(0, 60), context);
    expect(reads).toStrictEqual([{ stream, snapshotVersion: 7 }]);
    expect(appends[0]?.[0]?.snapshot?.version).toBe(7);
  });

  it('attributes a theft to the system, with an id for each event', async () => {
    const { execute, appends } = setUp({
      histories: [historyOf(started, rotated(1, 60), rotated(2, 61))],
    });
    await execute(present(0, 65, { by: stranger }));
    const theft = theftDetected(
      {
        cause: 'older_generation',
        presented: 0,
        current: 2,
        ageSeconds: 4,
        presenter: stranger,
      },
      65,
    );
    const end = revoked('theft', 65, [span(0, 0, 0), span(1, 2, 61)]);
    expect(appends[0]?.[0]?.events).toStrictEqual([
      { eventId: 'event-1', event: theft, metadata: metadata(65, 'system') },
      { eventId: 'event-2', event: end, metadata: metadata(65, 'system') },
    ]);
  });

  it('does not append without events', async () => {
    const past = [started, revoked('sign_out', 5, [])];
    const { execute, appends } = setUp({ histories: [historyOf(...past)] });
    expect(await execute(revoke('sign_out', 6))).toStrictEqual({
      events: [],
      state: stateOf(...past),
    });
    expect(appends).toStrictEqual([]);
  });

  it('does not append when the decider refuses', async () => {
    const { execute, appends } = setUp({ histories: [emptyHistory] });
    await expect(execute(present(0, 60))).rejects.toMatchObject({ code: 'refresh_token_invalid' });
    expect(appends).toStrictEqual([]);
  });
});

describe('the execution with a preloaded stream', () => {
  it('does not read the stream again', async () => {
    const { execute, reads, appends } = setUp();
    await execute(present(0, 60), historyOf(started));
    expect(reads).toStrictEqual([]);
    expect(appends).toHaveLength(1);
  });

  it('reads the stream after a conflict', async () => {
    const { execute, reads, appends } = setUp({
      histories: [historyOf(started, rotated(1, 60))],
      conflicts: 1,
    });
    const { events } = await execute(present(0, 61), historyOf(started));
    expect(reads).toHaveLength(1);
    expect(events.map(({ type }) => type)).toStrictEqual(['RefreshTokenReplayed']);
    expect(appends.map(([append]) => append?.expected)).toStrictEqual([
      { revision: 0n },
      { revision: 1n },
    ]);
  });
});

describe('the execution after a conflict', () => {
  it('decides again on the new state', async () => {
    const { execute, appends } = setUp({
      histories: [historyOf(started), historyOf(started, revoked('admin', 59, []))],
      conflicts: 1,
    });
    await expect(execute(present(0, 60))).rejects.toMatchObject({ code: 'refresh_token_invalid' });
    expect(appends).toHaveLength(1);
  });

  it('does not append when the other command had the same effect', async () => {
    const { execute, appends } = setUp({
      histories: [historyOf(started), historyOf(started, revoked('admin', 59, []))],
      conflicts: 1,
    });
    expect((await execute(revoke('sign_out', 60))).events).toStrictEqual([]);
    expect(appends).toHaveLength(1);
  });

  it('gives new ids to events that are decided again', async () => {
    const { execute, appends } = setUp({ histories: [historyOf(started)], conflicts: 2 });
    await execute(present(0, 60));
    const ids = appends.flatMap(([append]) => append?.events.map(({ eventId }) => eventId));
    expect(ids).toStrictEqual(['event-1', 'event-2', 'event-3']);
  });

  it('fails after a hundred conflicts', async () => {
    const { execute, reads, appends } = setUp({
      histories: [historyOf(started)],
      conflicts: Number.POSITIVE_INFINITY,
    });
    await expect(execute(present(0, 60))).rejects.toStrictEqual(
      new ApplicationError('concurrent_update'),
    );
    expect([reads.length, appends.length]).toStrictEqual([100, 100]);
  });

  it('does not retry after another failure', async () => {
    const failure = new ApplicationError('service_unavailable');
    const { execute, appends } = setUp({ histories: [historyOf(started)], failure });
    await expect(execute(present(0, 60))).rejects.toBe(failure);
    expect(appends).toHaveLength(1);
  });
});

describe('the first events of a stream', () => {
  it('are decided without reading or appending', () => {
    const { handler, reads, appends } = setUp();
    const decision = handler.begin(tokenFamilyAggregate, 'family', start(), context);
    const state = stateOf(started);
    expect(decision).toStrictEqual({
      events: [started],
      state,
      append: {
        stream,
        expected: { revision: 'none' },
        events: [{ eventId: 'event-1', event: started, metadata: metadata(0) }],
        snapshot: { version: 2, state },
      },
    });
    expect([reads, appends]).toStrictEqual([[], []]);
  });

  it('are appended together with those of other streams', async () => {
    const { handler, appends } = setUp();
    const begun = ['one', 'two'].map(
      (id) => handler.begin(tokenFamilyAggregate, id, start(), context).append,
    );
    await handler.append(begun);
    expect(appends).toStrictEqual([begun]);
  });
});
