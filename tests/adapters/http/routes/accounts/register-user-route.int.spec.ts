import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../../../../support/kernel/eventually.ts';
import {
  expectProblem,
  expectSignedIn,
  PASSWORD,
} from '../../../../support/servers/http-client.ts';
import {
  type RunningApp,
  startRunningApp,
  times,
} from '../../../../support/servers/running-app.ts';

let app: RunningApp;
beforeAll(async () => {
  app = await startRunningApp();
});
afterAll(() => app.close());

const register = (body: object) =>
  app.client.call('POST', '/v1/users', {
    body: { password: PASSWORD, displayName: 'Ann', ...body },
  });

/** The number of rows of everything that a registration stores. */
const census = async () => {
  const [row] = await app.sql<Record<string, number>>(
    `SELECT (SELECT count(*)::integer FROM users) AS users,
      (SELECT count(*)::integer FROM households) AS households,
      (SELECT count(*)::integer FROM household_members) AS members,
      (SELECT count(*)::integer FROM identifier_claims) AS claims,
      (SELECT count(*)::integer FROM sessions) AS sessions,
      (SELECT count(*)::integer FROM refresh_tokens) AS tokens,
      (SELECT count(*)::integer FROM subject_keys) AS keys,
      (SELECT count(*)::integer FROM streams) AS streams,
      (SELECT count(*)::integer FROM events) AS events`,
  );
  return row ?? {};
};

const growth = async (work: () => Promise<unknown>) => {
  const before = await census();
  await work();
  const after = await census();
  return Object.fromEntries(
    Object.entries(after).map(([table, count]) => [table, count - (before[table] ?? 0)]),
  );
};

const ONE_ACCOUNT = {
  users: 1,
  households: 1,
  members: 1,
  claims: 1,
  sessions: 1,
  tokens: 1,
  // One for the user, one for the household.
  keys: 2,
  streams: 3,
  events: 4,
};
const NOTHING = Object.fromEntries(Object.keys(ONE_ACCOUNT).map((table) => [table, 0]));

describe('a registration with a free address', () => {
  it('creates the account with its default household and signs it in', async () => {
    const answer = await register({
      email: ' Ann@Example.COM ',
      displayName: '  Ann  ',
      username: 'Ann.B',
      householdName: 'Ann and Ben',
      deviceName: 'Laptop',
    });

    const { user, ...pair } = expectSignedIn(answer);
    expect(user).toStrictEqual({
      id: expect.stringMatching(/^user_/),
      email: 'ann@example.com',
      emailVerified: false,
      username: 'ann.b',
      displayName: 'Ann',
      role: 'user',
      tier: 'free',
      locale: 'en',
      active: true,
      household: {
        id: expect.stringMatching(/^hh_/),
        name: 'Ann and Ben',
        role: 'owner',
      },
      createdAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
    });
    expect(pair).toMatchObject({ expiresIn: 600, refreshExpiresIn: 30 * 86_400 });
    expect((await app.client.me(pair.accessToken)).json).toStrictEqual(user);
  });

  it('stores account, household, session and the request to verify the address', async () => {
    const made = await growth(() => register({ email: 'bea@example.com' }));

    expect(made).toStrictEqual(ONE_ACCOUNT);
    expect((await app.events()).slice(-4)).toStrictEqual([
      'UserRegistered',
      'EmailVerificationRequested',
      'HouseholdCreated',
      'TokenFamilyStarted',
    ]);
  });

  it('names the household "Home" and leaves the username empty by default', async () => {
    const { user } = expectSignedIn(await register({ email: 'cid@example.com' }));

    expect(user).toMatchObject({ username: null, household: { name: 'Home' } });
  });
});

describe('a registration with the address of an account', () => {
  beforeAll(async () => {
    await register({ email: 'zoë@example.com', username: 'Zoë' });
  });

  it.each([
    ['the same', 'zoë@example.com'],
    ['in capitals', 'ZOË@EXAMPLE.COM'],
    ['decomposed', 'zoe\u0308@example.com'],
    ['full width', '\uff5aoë@example.com'],
    ['with spaces around', ' zoë@example.com\t'],
  ])('is refused, %s', async (_, email) => {
    const made = await growth(async () =>
      expectProblem(await register({ email }), 'identifier_taken'),
    );

    expect(made).toStrictEqual(NOTHING);
  });

  it.each([
    ['the same', 'zoë'],
    ['in capitals', 'ZOË'],
    ['decomposed', 'zoe\u0308'],
  ])(
    'is refused with the username of an account, %s, and keeps no claim on the address',
    async (_, username) => {
      const email = 'somebody.else@example.com';

      const made = await growth(async () =>
        expectProblem(await register({ email, username }), 'identifier_taken'),
      );

      expect(made).toStrictEqual(NOTHING);
    },
  );
});

describe('an address registered twenty times at once', () => {
  it('gets one account, and the other requests leave nothing behind', async () => {
    const spellings = [
      'race@example.com',
      'RACE@example.com',
      ' Race@Example.com',
      'race@EXAMPLE.com',
    ];
    const answers: Awaited<ReturnType<typeof register>>[] = [];

    const made = await growth(async () => {
      const attempts = Array.from({ length: 20 }, (_, i) => register({ email: spellings[i % 4] }));
      answers.push(...(await Promise.all(attempts)));
    });

    const refused = answers.filter(({ status }) => status !== 201);
    for (const answer of refused) expectProblem(answer, 'identifier_taken');
    expect(refused).toHaveLength(19);
    expect(made).toStrictEqual(ONE_ACCOUNT);
  });
});

describe('two registrations that want each other’s identifiers at once', () => {
  it('get each identifier at most once', async () => {
    const pairs = Array.from({ length: 10 }, (_, i) => `cross${i}`);

    const answers = await Promise.all(
      pairs.flatMap((name) => [
        register({ email: `${name}@example.com`, username: `${name}-one` }),
        register({ email: `${name}@example.com`, username: `${name}-two` }),
        register({ email: `${name}-other@example.com`, username: `${name}-one` }),
      ]),
    );

    for (const answer of answers.filter(({ status }) => status !== 201)) {
      expectProblem(answer, 'identifier_taken');
    }
    const created = answers.filter(({ status }) => status === 201).length;
    const [row] = await app.sql<{ users: number; unconfirmed: number; orphans: number }>(
      `SELECT (SELECT count(*)::integer FROM users WHERE email LIKE 'cross%') AS users,
        (SELECT count(*)::integer FROM identifier_claims WHERE expires_at IS NOT NULL) AS unconfirmed,
        (SELECT count(*)::integer FROM identifier_claims AS c
          WHERE NOT EXISTS (SELECT FROM users AS u WHERE u.id = c.user_id)) AS orphans`,
    );
    expect(row).toStrictEqual({ users: created, unconfirmed: 0, orphans: 0 });
    expect(created).toBeGreaterThanOrEqual(pairs.length);
  });
});

describe('a registration that takes so long that its claim expires', () => {
  it('competes with another one, and only one account is created', async () => {
    const expireClaim = async () => {
      const expired = await app.sql(
        `UPDATE identifier_claims SET expires_at = now() - interval '1 second'
          WHERE value = 'slow@example.com' AND expires_at IS NOT NULL RETURNING 1`,
      );
      return expired.length === 1;
    };
    // Both hashes wait behind these, long enough to read the claim.
    const busy = times(16, () => app.client.signIn('zoë@example.com', 'not the password'));

    const first = register({ email: 'slow@example.com' });
    await eventually(expireClaim, 'the address is claimed');
    const answers = await Promise.all([first, register({ email: 'slow@example.com' })]);
    await busy;

    const [created, refused] = answers.toSorted((one, other) => one.status - other.status);
    expect(created?.status).toBe(201);
    if (refused === undefined) throw new TypeError('there are two answers');
    expectProblem(refused, 'identifier_taken');
    const users = await app.sql("SELECT FROM users WHERE email = 'slow@example.com'");
    expect(users).toHaveLength(1);
  });
});

describe('a malformed registration', () => {
  it.each([
    ['email_invalid', { email: 'nobody' }],
    ['email_invalid', { email: 'a@b@example.com' }],
    ['email_invalid', { email: 'ann\u200b@example.com' }],
    ['email_invalid', { email: `${'a'.repeat(65)}@example.com` }],
    ['password_too_short', { password: 'seven77' }],
    ['password_too_long', { password: 'x'.repeat(129) }],
    ['display_name_invalid', { displayName: ' ' }],
    ['display_name_invalid', { displayName: 'two\nlines' }],
    ['username_invalid', { username: 'ab' }],
    ['username_invalid', { username: 'ann@home' }],
    ['household_name_invalid', { householdName: '' }],
    ['validation_failed', { deviceName: '' }],
    ['validation_failed', { deviceName: 'two\nlines' }],
    ['validation_failed', { deviceName: 'two\u2028lines' }],
    ['validation_failed', { deviceName: 'a\u009b31m' }],
    ['validation_failed', { deviceName: 'x'.repeat(101) }],
  ] as const)('is refused with %s and stores nothing: %j', async (code, flaw) => {
    const made = await growth(async () =>
      expectProblem(await register({ email: 'fresh@example.com', ...flaw }), code),
    );

    expect(made).toStrictEqual(NOTHING);
  });

  it('is accepted with the longest password in the widest characters', async () => {
    const password = '🔑'.repeat(128);
    expectSignedIn(await register({ email: 'wide@example.com', password }));

    expectSignedIn(await app.client.signIn('wide@example.com', password));
  });
});
