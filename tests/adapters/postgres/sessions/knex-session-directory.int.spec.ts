import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createKnexSessionDirectory } from '../../../../src/adapters/postgres/sessions/knex-session-directory.ts';
import type { SessionDirectory } from '../../../../src/application/sessions/session-directory.ts';
import { type OpenDatabase, openTestDatabase } from '../../../support/servers/open-database.ts';

const NOW = '2026-02-01T00:00:00.000Z';
const LATER = '2026-02-02T00:00:00.000Z';
const EARLIER = '2026-01-31T23:59:59.999Z';

let database: OpenDatabase;
let sessions: SessionDirectory;

beforeAll(async () => {
  database = await openTestDatabase();
  sessions = createKnexSessionDirectory(database);
  for (const id of ['user_1', 'user_2']) {
    await database.sql(
      `INSERT INTO users (id, role, tier, is_active, created_at, updated_at)
        VALUES ($1, 'user', 'free', true, $2, $2)`,
      id,
      NOW,
    );
  }
});
afterAll(() => database?.drop());
beforeEach(async () => {
  await database.sql('TRUNCATE sessions');
});

const family = (n: number): string => `00000000-0000-4000-8000-00000000000${n}`;

const summary = (n: number) => ({
  id: family(n),
  deviceName: `Laptop ${n}`,
  ip: `192.0.2.${n}`,
  userAgent: `Browser/${n}.0`,
  createdAt: '2026-01-01T00:00:00.123Z',
  lastUsedAt: '2026-01-02T00:00:00.456Z',
  expiresAt: LATER,
});

type Session = ReturnType<typeof summary>;
type Ended = Partial<Session> & { userId?: string; revokedAt?: string };

const save = async (n: number, differing: Ended = {}): Promise<void> => {
  const session = { userId: 'user_1', ...summary(n), ...differing };
  await database.sql(
    `INSERT INTO sessions (id, user_id, device_name, ip, user_agent, created_at, last_used_at,
        expires_at, revoked_at)
      VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
    session.id,
    session.userId,
    session.deviceName,
    session.ip,
    session.userAgent,
    session.createdAt,
    session.lastUsedAt,
    session.expiresAt,
    differing.revokedAt ?? null,
  );
};

const liveIds = async (userId = 'user_1') =>
  (await sessions.listLive(userId, NOW)).map(({ id }) => id);

describe('a live session', () => {
  it('is listed with its device, times and client', async () => {
    await save(1);
    expect(await sessions.listLive('user_1', NOW)).toStrictEqual([summary(1)]);
  });

  it('is listed without a known device', async () => {
    await database.sql(
      `INSERT INTO sessions (id, user_id, created_at, last_used_at, expires_at)
        VALUES ($1, 'user_1', $2, $2, $3)`,
      family(1),
      NOW,
      LATER,
    );
    expect(await sessions.listLive('user_1', NOW)).toStrictEqual([
      {
        ...summary(1),
        deviceName: null,
        ip: null,
        userAgent: null,
        createdAt: NOW,
        lastUsedAt: NOW,
      },
    ]);
  });

  it('is listed before less recently used ones, and by id among those used at the same time', async () => {
    await save(3, { lastUsedAt: EARLIER });
    await save(1, { lastUsedAt: '2026-01-01T00:00:00.000Z' });
    await save(4, { lastUsedAt: NOW });
    await save(2, { lastUsedAt: EARLIER });
    expect(await liveIds()).toStrictEqual([family(4), family(2), family(3), family(1)]);
  });

  it('is not listed for other users', async () => {
    await save(1);
    await save(2, { userId: 'user_2' });
    expect(await liveIds('user_2')).toStrictEqual([family(2)]);
    expect(await liveIds('user_unknown')).toStrictEqual([]);
  });
});

describe('an ended session', () => {
  it('is not listed once revoked', async () => {
    await save(1, { revokedAt: EARLIER });
    await save(2);
    expect(await liveIds()).toStrictEqual([family(2)]);
    expect(await sessions.unrevokedFamilyIds('user_1')).toStrictEqual([family(2)]);
  });

  it('is not listed from its expiry on', async () => {
    await save(1, { expiresAt: EARLIER });
    await save(2, { expiresAt: NOW });
    await save(3, { expiresAt: '2026-02-01T00:00:00.001Z' });
    expect(await liveIds()).toStrictEqual([family(3)]);
  });

  it('is among the unrevoked ones when it only expired', async () => {
    await save(1, { expiresAt: EARLIER });
    await save(2);
    await save(3, { userId: 'user_2' });
    const unrevoked = await sessions.unrevokedFamilyIds('user_1');
    expect([...unrevoked].sort()).toStrictEqual([family(1), family(2)]);
  });
});

describe('the unrevoked sessions in a household', () => {
  const actFor = (household: string, ...families: number[]) =>
    database.sql(
      'UPDATE sessions SET household_id = $1 WHERE id = ANY ($2::uuid[])',
      household,
      families.map(family),
    );
  const activeIn = async (household: string, userId?: string) =>
    (await sessions.listActiveIn(household, userId)).toSorted((a, b) =>
      a.familyId < b.familyId ? -1 : 1,
    );

  it('include expired ones, for all members or for one', async () => {
    await save(1);
    await save(2, { userId: 'user_2', expiresAt: EARLIER });
    await save(3, { revokedAt: EARLIER });
    await save(4);
    await save(5);
    await actFor('hh_1', 1, 2, 3);
    await actFor('hh_2', 4);
    const [first, second] = [
      { familyId: family(1), userId: 'user_1' },
      { familyId: family(2), userId: 'user_2' },
    ];
    expect(await activeIn('hh_1')).toStrictEqual([first, second]);
    expect(await activeIn('hh_1', 'user_1')).toStrictEqual([first]);
    expect(await activeIn('hh_1', 'user_2')).toStrictEqual([second]);
    expect(await activeIn('hh_2', 'user_2')).toStrictEqual([]);
    expect(await activeIn('hh_3')).toStrictEqual([]);
  });
});

describe('the owner of a family', () => {
  it('is found for live and revoked families', async () => {
    await save(1);
    await save(2, { userId: 'user_2', revokedAt: EARLIER });
    expect(await sessions.ownerOf(family(1))).toBe('user_1');
    expect(await sessions.ownerOf(family(2))).toBe('user_2');
  });

  it('is undefined for an unknown family', async () => {
    expect(await sessions.ownerOf(family(9))).toBeUndefined();
    expect(await sessions.unrevokedFamilyIds('user_unknown')).toStrictEqual([]);
  });
});
