import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AsOf } from '../../../src/application/auditing/history/as-of-moment.ts';
import type { UserHistory } from '../../../src/application/auditing/history/as-of-user.ts';
import type { RecordedEvent } from '../../../src/application/kernel/event-store.ts';
import { tokens } from '../../../src/composition/system-tokens.ts';
import { openTwoStores, type TwoStores } from '../../support/event-log/two-stores.ts';
import { readWholeLog } from '../../support/event-log/whole-log.ts';
import { fullHistory } from '../../support/projections/full-history.ts';
import { advance, emptyModel, userOf } from '../../support/projections/history-model.ts';
import { anyHistory, type Step } from '../../support/projections/random-history.ts';
import { playHistory } from '../../support/projections/random-history-run.ts';
import type { ComposedSystem } from '../../support/servers/composed-system.ts';

const RUNS = 3;
/** Checks every n-th position only, fewer of a long log. */
const STRIDE = 6;
const LONG_STRIDE = 60;

let stores: TwoStores;
let system: ComposedSystem;
beforeAll(async () => {
  stores = await openTwoStores();
  system = await stores.open('postgres');
});
afterAll(() => stores?.close());

const play = async (steps: readonly Step[]): Promise<void> => {
  await system.sql(
    'TRUNCATE streams, events, subject_keys, users, households, identifier_claims, revoked_tokens CASCADE',
  );
  await playHistory(system, steps, new Date(Date.now() - 200 * 86_400_000));
};

const idsIn = (log: readonly RecordedEvent[], category: string): readonly string[] => [
  ...new Set(log.flatMap(({ stream }) => (stream.category === category ? [stream.id] : []))),
];

const userAt = (running: ComposedSystem, userId: string, asOf: AsOf): Promise<UserHistory> =>
  running.get(tokens.histories).readUserAsOf({ userId, asOf, limit: 0 });

const plainly = (history: UserHistory) => {
  const { status, email, username, displayName, role, tier, lockedUntil } = history;
  return {
    ...(status === 'erased'
      ? { status }
      : { status, email, username, displayName, role, tier, locked: lockedUntil !== null }),
    memberships: history.memberships
      .map(({ householdId, role }) => `${householdId} ${role}`)
      .sort(),
    sessions: history.sessions
      .map(({ familyId, generation, householdId }) => `${familyId} ${generation} ${householdId}`)
      .sort(),
  };
};

const reading = (running: ComposedSystem, userId: string, asOf: AsOf) =>
  userAt(running, userId, asOf).then(plainly, (error: unknown) => ({
    code: (error as { code?: string }).code,
  }));

/** At sampled positions and their times, every history equals the fold of the prefix. */
const expectPrefixes = async (running: ComposedSystem, stride: number): Promise<void> => {
  const log = await readWholeLog(running);
  const users = idsIn(log, 'user');
  const model = emptyModel();
  for (const [index, event] of log.entries()) {
    advance(model, event);
    const next = log[index + 1];
    if (index % stride !== 0 && next !== undefined) continue;
    const { position, metadata } = event;
    const time = metadata.occurredAt;
    for (const userId of users) {
      const said = userOf(model, userId, time);
      const expected = said.status === 'unregistered' ? { code: 'user_not_found' } : { ...said };
      const asOf = { kind: 'position', position } as const;
      expect(await reading(running, userId, asOf)).toStrictEqual(expected);
      // The last event of its time, so that position and time mean the same.
      if (next !== undefined && next.metadata.occurredAt <= time) continue;
      expect(await reading(running, userId, { kind: 'time', time })).toStrictEqual(expected);
    }
  }
};

type Row = Readonly<Record<string, unknown>>;

/** The tables at the time of the last event. */
const rowsOf = async (running: ComposedSystem, userId: string, at: string) => {
  const [user] = await running.sql<Row>(
    `SELECT CASE WHEN NOT is_active THEN 'deactivated'
        WHEN pending_email IS NOT NULL AND email IS NULL AND tier <> 'anonymous' THEN 'pending'
        ELSE 'active' END AS status,
      email, email_verified_at IS NOT NULL AS "emailVerified", pending_email AS "pendingEmail",
      username, display_name AS "displayName", locale, role, tier,
      password_hash IS NOT NULL AS "hasPassword",
      CASE WHEN locked_until > $2::timestamptz THEN locked_until END AS "lockedUntil"
    FROM users WHERE id = $1`,
    userId,
    at,
  );
  const memberships = await running.sql<Row>(
    `SELECT m.household_id AS "householdId", h.name, m.role, m.joined_at AS "joinedAt"
    FROM household_members AS m JOIN households AS h ON h.id = m.household_id
    WHERE m.user_id = $1 ORDER BY m.joined_at, m.household_id`,
    userId,
  );
  const sessions = await running.sql<Row>(
    `SELECT id AS "familyId", household_id AS "householdId", device_name AS "deviceName", ip,
      user_agent AS "userAgent", created_at AS "startedAt", last_used_at AS "lastUsedAt",
      expires_at AS "expiresAt"
    FROM sessions WHERE user_id = $1 AND revoked_at IS NULL AND expires_at > $2::timestamptz
    ORDER BY last_used_at DESC, id`,
    userId,
    at,
  );
  return user === undefined ? { status: 'erased' } : { ...user, memberships, sessions };
};

/** Column by column. */
const expectTables = async (running: ComposedSystem): Promise<void> => {
  const log = await readWholeLog(running);
  const last = log.at(-1);
  if (last === undefined) throw new TypeError('something happened');
  const asOf = { kind: 'position', position: last.position } as const;
  for (const userId of idsIn(log, 'user')) {
    const history = await userAt(running, userId, asOf);
    const { asOf: at, userId: _, registeredAt: _r, events: _e, eventCount: _c, ...shown } = history;
    const memberships = shown.memberships.map(({ home: _h, ...membership }) => membership);
    const sessions = shown.sessions.map(
      ({
        userId: _u,
        status: _s,
        generation: _g,
        absoluteExpiresAt: _a,
        revoked: _v,
        ...session
      }) => session,
    );
    expect(
      shown.status === 'erased' ? { status: 'erased' } : { ...shown, memberships, sessions },
    ).toStrictEqual(await rowsOf(running, userId, at));
  }
};

const expectHouseholds = async (running: ComposedSystem): Promise<void> => {
  const log = await readWholeLog(running);
  const { readHouseholdAsOf } = running.get(tokens.histories);
  for (const householdId of idsIn(log, 'household')) {
    const asking = { householdId, asOf: { kind: 'now' }, limit: 0 } as const;
    const { status, name, createdAt, members, invitations, asOf } = await readHouseholdAsOf(asking);
    const [row] = await running.sql<Row>(
      'SELECT name, created_at AS "createdAt" FROM households WHERE id = $1',
      householdId,
    );
    expect(status === 'existing' ? { name, createdAt } : undefined).toStrictEqual(row);
    expect(members.map(({ home: _, ...member }) => member)).toStrictEqual(
      await running.sql(
        `SELECT user_id AS "userId", role, joined_at AS "joinedAt" FROM household_members
        WHERE household_id = $1 ORDER BY joined_at, (role = 'owner') DESC, user_id`,
        householdId,
      ),
    );
    expect(invitations.map(({ id }) => id).sort()).toStrictEqual(
      (
        await running.sql<{ id: string }>(
          `SELECT id FROM household_invitations
          WHERE household_id = $1 AND expires_at > $2::timestamptz ORDER BY id`,
          householdId,
          asOf,
        )
      ).map(({ id }) => id),
    );
  }
};

describe('the histories of users, households and sessions', () => {
  it('equal the fold of the log up to any position, and the tables at its end', async () => {
    await fc.assert(
      fc.asyncProperty(anyHistory, async (steps) => {
        await play(steps);
        await expectTables(system);
        await expectHouseholds(system);
        await expectPrefixes(system, STRIDE);
      }),
      { numRuns: RUNS, endOnFailure: true },
    );
  }, 120_000);

  it('are the same in both event stores, for every event type', async () => {
    await play(fullHistory);
    await expectTables(system);
    await expectHouseholds(system);
    await stores.copy('eventstoredb');
    const there = await stores.open('eventstoredb');
    await expectTables(there);
    await expectPrefixes(there, LONG_STRIDE);
  }, 120_000);
});
