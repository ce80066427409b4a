import { status } from '@grpc/grpc-js';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  type EventStore,
  RevisionConflict,
  type StreamAppend,
  type StreamId,
} from '../../../../../src/application/kernel/event-store.ts';
import {
  collect,
  householdCreated,
  ids,
  newStream,
} from '../../../../support/event-log/event-store-fixtures.ts';
import {
  type OpenTestEventStoreDb,
  openTestEventStoreDb,
  randomPrefix,
  SHORT_TIMEOUTS,
} from '../../../../support/event-log/eventstoredb-event-store.ts';
import { killedAfter } from '../../../../support/event-log/interrupted-transactions.ts';
import type { Fault } from '../../../../support/event-store-double/services/fault-plan.ts';
import { eventually } from '../../../../support/kernel/eventually.ts';

type Trouble =
  | Readonly<{ kind: 'none' }>
  | Readonly<{ kind: 'killed'; after: number }>
  | Readonly<{ kind: 'append' | 'readStream'; fault: Fault }>;
type Step = Readonly<{ streams: readonly number[]; trouble: Trouble; insists: boolean }>;

/** `unknown`: the caller got `service_unavailable`, or was killed. */
type Attempt = Readonly<{
  appends: readonly StreamAppend[];
  came: 'stored' | 'refused' | 'unknown';
}>;

const STREAMS = [0, 1, 2, 3];
const REFUSALS = [status.UNAVAILABLE, status.INTERNAL, status.ABORTED, status.CANCELLED];
const OUTCOME_TIMEOUT_MS = 100;

let opened: OpenTestEventStoreDb;
beforeAll(async () => {
  opened = await openTestEventStoreDb();
});
afterAll(async () => {
  await eventually(() => opened.double.openCalls() === 0, 'all calls are over');
  await opened.close();
});

const anyFault = fc.oneof(
  fc.constant<Fault>({ kind: 'lostAnswer' }),
  fc.constant<Fault>({ kind: 'hang' }),
  fc.constantFrom(...REFUSALS).map((code): Fault => ({ kind: 'fail', code })),
  fc.constantFrom(...REFUSALS).map((code): Fault => ({ kind: 'failAfter', code })),
);
const anyTrouble: fc.Arbitrary<Trouble> = fc.oneof(
  fc.constant({ kind: 'none' as const }),
  fc.record({ kind: fc.constant('killed' as const), after: fc.integer({ min: 0, max: 4 }) }),
  fc.record({ kind: fc.constantFrom('append' as const, 'readStream' as const), fault: anyFault }),
);
const anyStep: fc.Arbitrary<Step> = fc.record({
  streams: fc.shuffledSubarray(STREAMS, { minLength: 1 }),
  trouble: anyTrouble,
  insists: fc.boolean(),
});
const anyWriters = fc.array(fc.array(anyStep, { minLength: 1, maxLength: 4 }), {
  minLength: 2,
  maxLength: 4,
});

const attempt = async (
  store: EventStore,
  appends: readonly StreamAppend[],
  tries: number,
): Promise<Attempt> => {
  try {
    await store.append(appends);
    return { appends, came: 'stored' };
  } catch (error) {
    if (error instanceof RevisionConflict) return { appends, came: 'refused' };
    const isKilled = error instanceof Error && error.message === 'killed';
    if (!isKilled) expect(error).toMatchObject({ code: 'service_unavailable' });
    return tries > 1 ? attempt(store, appends, tries - 1) : { appends, came: 'unknown' };
  }
};

/** One of several processes that append to the same streams. */
const write = async (
  prefix: string,
  streams: readonly StreamId[],
  steps: readonly Step[],
): Promise<readonly Attempt[]> => {
  const settings = { prefix, timeouts: SHORT_TIMEOUTS, outcomeTimeout: OUTCOME_TIMEOUT_MS };
  const store = opened.openStore(settings).store;
  const attempts: Attempt[] = [];
  for (const { streams: wanted, trouble, insists } of steps) {
    const through = trouble.kind === 'killed' ? killedAfter(trouble.after) : undefined;
    const own = through ? opened.openStore({ ...settings, through }).store : store;
    const appends: StreamAppend[] = [];
    for (const stream of streams.filter((_, i) => wanted.includes(i))) {
      const { head } = await store.read(stream, 0);
      appends.push({
        stream,
        expected: head,
        events: [householdCreated('a'), householdCreated('b')],
      });
    }
    if (trouble.kind === 'append' || trouble.kind === 'readStream') {
      opened.double.faults.next(trouble.kind, trouble.fault, 2);
    }
    attempts.push(await attempt(own, appends, insists ? 3 : 1));
  }
  return attempts;
};

const expectWholeOrAbsent = (attempts: readonly Attempt[], log: ReadonlySet<string>): void => {
  for (const { appends, came } of attempts) {
    const all = ids(appends.flatMap(({ events }) => events));
    const present = all.filter((id) => log.has(id)).length;
    expect([came, present === 0 ? 'absent' : present === all.length ? 'whole' : 'torn']).toEqual([
      came,
      came === 'unknown'
        ? expect.stringMatching(/^(absent|whole)$/)
        : came === 'stored'
          ? 'whole'
          : 'absent',
    ]);
  }
};

it('appends to several streams are complete or absent after any failure, and every chain is intact', async () => {
  await fc.assert(
    fc.asyncProperty(anyWriters, async (writers) => {
      const prefix = randomPrefix();
      const streams = STREAMS.map(() => newStream());
      const attempts = await Promise.all(writers.map((steps) => write(prefix, streams, steps)));
      opened.double.faults.clear();
      const { store } = opened.openStore({ prefix, outcomeTimeout: OUTCOME_TIMEOUT_MS });
      const log = ids(await collect(store.readAll()));
      expect(new Set(log).size).toBe(log.length);
      expectWholeOrAbsent(attempts.flat(), new Set(log));
      const told: string[] = [];
      for (const stream of streams) {
        const { events, firstBroken } = await store.readStream(stream);
        expect(firstBroken).toBeUndefined();
        expect((await store.read(stream, 0)).events).toHaveLength(events.length);
        told.push(...ids(events));
      }
      expect(told.toSorted()).toStrictEqual(log.toSorted());
    }),
    { numRuns: 10, endOnFailure: true },
  );
}, 120_000);
