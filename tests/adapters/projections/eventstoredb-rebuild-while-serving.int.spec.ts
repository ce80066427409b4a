import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { tokens } from '../../../src/composition/system-tokens.ts';
import {
  openSharedLog,
  projected,
  type SharedLog,
  startProjector,
} from '../../support/event-log/shared-log.ts';
import { allTables, type ComposedSystem, visitor } from '../../support/servers/composed-system.ts';
import { PASSWORD } from '../../support/servers/http-client.ts';
import { times } from '../../support/servers/running-app.ts';

const RUNS = 20;
const PAUSE_MS = 40;

let log: SharedLog;
let system: ComposedSystem;
let second: ComposedSystem;
let stop: () => Promise<void>;
beforeAll(async () => {
  log = await openSharedLog();
  [system, second] = [await log.open(), await log.open()];
  stop = startProjector(second);
});
afterAll(async () => {
  await stop?.();
  await log?.close();
});

/** A client that signs up, uses its session and signs out, again and again, until `isOver`. */
const busy = async (by: ComposedSystem, name: string, isOver: () => boolean): Promise<number> => {
  const { registration, rotateRefreshToken, endSession, changeProfile } = by.get(tokens.http);
  let rounds = 0;
  for (; !isOver(); rounds += 1) {
    const email = `${name}${rounds}@example.com`;
    const account = { email, password: PASSWORD, displayName: name };
    const { user, ...pair } = await registration.registerUser(account, visitor);
    let { refreshToken } = pair;
    for (let n = 0; n < 5 && !isOver(); n += 1) {
      ({ refreshToken } = await rotateRefreshToken(refreshToken, visitor));
      await changeProfile(user.id, { displayName: `${name} ${n}` }, visitor);
      // Only two users: every run reads the whole log.
      await delay(PAUSE_MS);
    }
    await endSession({ userId: user.id, sessionId: pair.sessionId }, visitor);
  }
  return rounds;
};

const projectionsOf = ({ get }: ComposedSystem) => get(tokens.projections);
const nothing = () => undefined;

describe('rebuilds while clients append', () => {
  it(`find nothing to repair, and verifications no drift, in ${RUNS} runs`, async () => {
    let over = false;
    const people = times(2, (n) => busy(n === 0 ? system : second, `person${n}x`, () => over));
    const found: unknown[] = [];
    const before = log.double.events().length;
    try {
      for (let run = 0; run < RUNS; run += 1) {
        const { verify, rebuild } = projectionsOf(run % 2 === 0 ? system : second);
        const work = run % 5 === 4 ? rebuild : verify;
        found.push(...(await work(allTables, nothing)).drift);
      }
    } finally {
      over = true;
    }
    const rounds = await people;
    expect(found).toStrictEqual([]);
    expect(Math.min(...rounds)).toBeGreaterThan(0);
    expect(log.double.events().length).toBeGreaterThan(before + 50);
    await projected(system);
    const { drift } = await projectionsOf(system).verify(allTables, nothing);
    expect(drift).toStrictEqual([]);
  }, 180_000);
});

describe('two rebuilds at once', () => {
  it('are limited to one: the second is refused', async () => {
    const refused = { name: 'ApplicationError', code: 'rebuild_running' };
    const tries = await Promise.allSettled(
      [system, second, system].map((by) => projectionsOf(by).rebuild(allTables, nothing)),
    );
    const losers = tries.flatMap((attempt) =>
      attempt.status === 'rejected' ? [attempt.reason] : [],
    );
    expect(losers.length).toBeGreaterThan(0);
    for (const loser of losers) expect(loser).toMatchObject(refused);
    await projectionsOf(second).rebuild(allTables, nothing);
  });
});
