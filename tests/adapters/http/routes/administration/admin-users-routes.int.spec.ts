import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  idsIn,
  readPages,
  signUpAdmin,
} from '../../../../support/administration/administrators.ts';
import { expectProblem, PASSWORD, type SignedIn } from '../../../../support/servers/http-client.ts';
import { newMasterKey } from '../../../../support/servers/latchkey-process.ts';
import { type RunningApp, startRunningApp } from '../../../../support/servers/running-app.ts';

type User = Readonly<{ id: string }>;

const LATCHKEY_MASTER_KEY = newMasterKey();

let app: RunningApp;
let admin: SignedIn;
beforeAll(async () => {
  app = await startRunningApp({ LATCHKEY_MASTER_KEY });
  admin = await signUpAdmin(app, { displayName: 'Chief', email: 'chief@example.org' });
});
afterAll(() => app.close());

const read = (path: string, token = admin.accessToken) =>
  app.client.call('GET', `/v1/admin/users${path}`, { token });

const search = (query: string, parameters = '') =>
  read(`?query=${encodeURIComponent(query)}${parameters}`);

/** Inserts accounts directly, several with the same creation time. */
const plantUsers = (prefix: string, count: number) =>
  app.sql(
    `INSERT INTO users (id, username, display_name, role, tier, is_active, created_at, updated_at)
      SELECT $1 || n, $1 || n, 'Planted', 'user', 'free', true,
        timestamptz '2020-01-01' + n / 7 * interval '1 second', now()
      FROM generate_series(1, $2::int) AS n`,
    prefix,
    count,
  );

const cursorIn = async (path: string): Promise<string> => {
  const { nextCursor } = (await read(path)).json as { nextCursor: string };
  return nextCursor;
};

describe('an account read by an administrator', () => {
  it('contains everything except the password', async () => {
    const { user } = await app.client.signUp({ username: 'looked.at' });
    const { email } = user;

    const answer = await read(`/${user.id}`);

    expect(answer).toMatchObject({ status: 200, headers: { 'cache-control': 'no-store' } });
    const time = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    expect(answer.json).toStrictEqual({
      id: user.id,
      email,
      emailVerified: false,
      pendingEmail: null,
      username: 'looked.at',
      displayName: 'Ann',
      role: 'user',
      tier: 'free',
      locale: 'en',
      active: true,
      lockedUntil: null,
      household: { id: expect.stringMatching(/^hh_/), name: 'Home', role: 'owner' },
      createdAt: time,
      updatedAt: time,
    });
    expect((await search('looked.at')).json).toStrictEqual({
      users: [answer.json],
      nextCursor: null,
    });
  });

  it('contains the end of its lock', async () => {
    const { user } = await app.client.signUp();
    await app.sql("UPDATE users SET locked_until = '2030-01-01' WHERE id = $1", user.id);

    expect((await read(`/${user.id}`)).json).toMatchObject({
      lockedUntil: '2030-01-01T00:00:00.000Z',
    });
  });

  it.each([
    ['an unknown id', 'user_00000000000000000000000000'],
    ['NUL', '%00'],
    ['NUL amid others', 'user_%001'],
    ['other letters', '%F0%9F%94%91%C3%A4%E2%80%AE'],
    ['two hundred characters', 'a'.repeat(200)],
    ['SQL', "'%20OR%20true--"],
    ['a path', '..%2f..%2fusers'],
  ])('is not found: %s', async (_, id) => {
    expectProblem(await read(`/${id}`), 'user_not_found');
  });

  it('is not found with an id longer than the limit', async () => {
    expectProblem(await read(`/${'a'.repeat(201)}`), 'route_not_found');
  });
});

describe('the user search of an administrator', () => {
  let person: SignedIn;
  beforeAll(async () => {
    person = await app.client.signUp({
      email: 'Zoë.Müller+x@Example.org',
      username: 'zoë_the.first',
      displayName: 'Prof. Zoë Müller',
    });
  });

  it.each([
    'zoë.m',
    'ZOË.MÜLLER+X@EXAMPLE.ORG',
    ' zoe\u0308.m',
    'zoë_',
    'ＺＯË＿ｔｈｅ',
    'prof. z',
    'PROF. Zoë',
    'Prof. Zoe\u0308 Mü',
  ])('matches the beginning of address, username or display name: %s', async (query) => {
    expect(idsIn(await search(query))).toStrictEqual([person.user.id]);
  });

  it.each([
    'oë.m',
    'example.org',
    'Müller',
    '%',
    '_',
    'zo_',
    'zoë%',
    'zoë.theX',
    '\\',
    'zoë\\_',
    "'",
  ])('matches neither other parts nor wildcards: %s', async (query) => {
    expect((await search(query)).json).toStrictEqual({ users: [], nextCursor: null });
  });

  it('treats wildcards literally', async () => {
    const percent = await app.client.signUp({ displayName: '100% me' });
    const underscore = await app.client.signUp({ displayName: '100_ me' });
    const backslash = await app.client.signUp({ displayName: '100\\ me' });

    expect(idsIn(await search('100%'))).toStrictEqual([percent.user.id]);
    expect(idsIn(await search('100_'))).toStrictEqual([underscore.user.id]);
    expect(idsIn(await search('100\\'))).toStrictEqual([backslash.user.id]);
    expect(idsIn(await search('100'))).toHaveLength(3);
  });

  it('lists all users without a query, newest first', async () => {
    const youngest = await app.client.signUp();

    const everybody = idsIn(await read(''));

    expect(everybody[0]).toBe(youngest.user.id);
    expect(everybody.at(-1)).toBe(admin.user.id);
    expect(idsIn(await search(' '))).toStrictEqual(everybody);
  });

  it.each([
    'limit=0',
    'limit=101',
    'limit=-1',
    'limit=x',
    'limit=',
    'limit=1&limit=2',
    'query=a&query=b',
    'query=%00',
    'query[]=a',
    `query=${'a'.repeat(1_001)}`,
    'cursor=a&cursor=b',
    'role=admin',
    'offset=5',
    '__proto__=x',
  ])('refuses undocumented parameters: %s', async (parameters) => {
    expectProblem(await read(`?${parameters}`), 'validation_failed');
  });
});

describe('a user who has not verified the address yet', () => {
  let strict: RunningApp;
  beforeAll(async () => {
    const environment = { LATCHKEY_MASTER_KEY, LATCHKEY_REGISTRATION: 'verify-first' };
    strict = await startRunningApp(environment, app);
  });
  afterAll(() => strict?.close());

  it('is found by the address, which is shown as pending', async () => {
    const body = { email: 'Waiting@Example.org', password: PASSWORD, displayName: 'Wanda' };
    expect((await strict.client.call('POST', '/v1/users', { body })).status).toBe(202);

    const { users } = (await search('waiting@ex')).json as { users: User[] };

    expect(users).toStrictEqual([
      expect.objectContaining({
        email: null,
        emailVerified: false,
        pendingEmail: 'waiting@example.org',
        displayName: 'Wanda',
      }),
    ]);
  });
});

describe('the list of many users', () => {
  beforeAll(async () => {
    await plantUsers('many-', 250);
  });

  it('contains each user once over all pages, also while others sign up', async () => {
    const pages = await readPages<User>(async (cursor) => {
      const answer = await search('many-', `&limit=40${cursor ? `&cursor=${cursor}` : ''}`);
      await app.client.signUp({
        username: `many-new-${cursor?.slice(-8).replace(/\W/g, 'x') ?? 0}0`,
      });
      const { users, nextCursor } = answer.json as { users: User[]; nextCursor: string | null };
      return { items: users, nextCursor };
    });

    expect(pages.map((page) => page.length)).toStrictEqual([40, 40, 40, 40, 40, 40, 10]);
    const expected = Array.from({ length: 250 }, (_, n) => `many-${n + 1}`);
    const ids = pages.flat().map(({ id }) => id);
    expect(ids.toSorted()).toStrictEqual(expected.toSorted());
  });

  it('has fifty users a page by default', async () => {
    expect(idsIn(await search('many-'))).toHaveLength(50);
    expect(idsIn(await search('many-', '&limit=100'))).toHaveLength(100);
  });

  it('has no next page after a full last page', async () => {
    await plantUsers('full-', 10);

    const answer = await search('full-', '&limit=10');

    expect(idsIn(answer)).toHaveLength(10);
    expect(answer.json).toMatchObject({ nextCursor: null });
  });
});

describe('a cursor of the user list', () => {
  beforeAll(async () => {
    await plantUsers('cursor-', 20);
  });

  it('is refused with any character changed', async () => {
    const cursor = await cursorIn('?query=cursor-&limit=5');
    for (const at of [0, 1, 20, cursor.length - 1]) {
      const other = cursor[at] === 'A' ? 'B' : 'A';
      const tampered = cursor.slice(0, at) + other + cursor.slice(at + 1);
      expectProblem(await search('cursor-', `&cursor=${tampered}`), 'cursor_invalid');
    }
  });

  it.each(['', 'x', '%00', 'null', 'MjAyMC0wMS0wMQ', '../..'])('is refused: %j', async (cursor) => {
    expectProblem(await search('cursor-', `&cursor=${cursor}`), 'cursor_invalid');
  });

  it('is refused for another filter, list or administrator', async () => {
    const cursor = await cursorIn('?query=cursor-&limit=5');
    const other = await signUpAdmin(app);
    const { call } = app.client;
    const token = admin.accessToken;

    expectProblem(await search('cursor', `&cursor=${cursor}`), 'cursor_invalid');
    expectProblem(await read(`?cursor=${cursor}`), 'cursor_invalid');
    expectProblem(
      await call('GET', `/v1/admin/events?cursor=${cursor}`, { token }),
      'cursor_invalid',
    );
    expectProblem(
      await read(`?query=cursor-&cursor=${cursor}`, other.accessToken),
      'cursor_invalid',
    );
  });

  it('is valid with another limit and reveals nothing of its users', async () => {
    const cursor = await cursorIn('?query=cursor-&limit=5');

    expect(idsIn(await search('cursor-', `&limit=100&cursor=${cursor}`))).toHaveLength(15);
    expect(Buffer.from(cursor, 'base64url').includes('cursor-')).toBe(false);
  });
});
