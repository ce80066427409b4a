import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { signUpVerified, takeOver } from '../../support/households/shared-household.ts';
import { eventually } from '../../support/kernel/eventually.ts';
import { type ComposedSystem, openComposedSystem } from '../../support/servers/composed-system.ts';
import type { Answer, HttpClient, TokenPair } from '../../support/servers/http-client.ts';
import { startTwoServers, type TwoServers } from '../../support/servers/two-servers.ts';

/** How often each request is repeated after its first refusal: it has to stay refused. */
const REPETITIONS = 20;

let both: TwoServers;
let inside: ComposedSystem;
let one: HttpClient;
let two: HttpClient;

beforeAll(async () => {
  both = await startTwoServers();
  [one, two] = both.clients;
  const { DATABASE_URL: connectionString = '' } = both.environment;
  inside = await openComposedSystem(both.environment, { connectionString });
});
afterAll(async () => {
  await inside?.close();
  await both?.close();
});

type Flat = Readonly<{ id: string; owner: string; member: TokenPair; memberId: string }>;

/** A household of two users, and the session of its member that acts in it. */
const shareFlat = async (): Promise<Flat> => {
  const owner = await signUpVerified(inside);
  const member = await signUpVerified(inside);
  const household = await one.call('POST', '/v1/households', {
    token: owner.accessToken,
    body: { name: 'The Flat' },
  });
  const { id } = household.json as { id: string };
  await takeOver(inside, id, member.user.id, 'member');
  const enter = async (token: string): Promise<TokenPair> => {
    const switched = await one.call('PUT', '/v1/sessions/current/household', {
      token,
      body: { householdId: id },
    });
    expect(switched.status).toBe(200);
    return switched.json as TokenPair;
  };
  const entered = await enter(owner.accessToken);
  return {
    id,
    owner: entered.accessToken,
    member: await enter(member.accessToken),
    memberId: member.user.id,
  };
};

const createTask = async (client: HttpClient, token: string, title: string): Promise<string> => {
  const { status, json } = await client.call('POST', '/v1/tasks', { token, body: { title } });
  expect(status).toBe(201);
  return (json as { id: string }).id;
};

const remove = (client: HttpClient, { id, owner, memberId }: Flat): Promise<Answer> =>
  client.call('DELETE', `/v1/households/${id}/members/${memberId}`, { token: owner });

const REFUSED = [401, 403];

/** Whether a statement waits for a lock in this database. */
const isLockAwaited = async (): Promise<boolean> => {
  const waiting = await both.database.query({
    text: `SELECT FROM pg_locks AS l JOIN pg_stat_activity AS a USING (pid)
      WHERE NOT l.granted AND a.datname = current_database()`,
  });
  return waiting.length > 0;
};

describe('a member who is removed in one process', () => {
  it('is refused permanently by every process, with every token and cursor', async () => {
    const flat = await shareFlat();
    const { accessToken: token } = flat.member;
    for (const title of ['First', 'Second', 'Third']) await createTask(two, token, title);
    const page = await two.call('GET', '/v1/tasks?limit=1', { token });
    const { nextCursor } = page.json as { nextCursor: string };
    const asks = [one, two].flatMap((client) =>
      ['/v1/tasks', `/v1/tasks?limit=1&cursor=${nextCursor}`].map(
        (path) => () => client.call('GET', path, { token }),
      ),
    );
    for (const ask of asks) expect((await ask()).status).toBe(200);

    let answered = 0;
    const asking = asks.map(async (ask) => {
      for (let status = 200; status === 200; { status } = await ask()) answered += 1;
      for (let n = 0; n < REPETITIONS; n += 1) expect(REFUSED).toContain((await ask()).status);
    });
    for (const each of asking) each.catch(() => undefined);
    await eventually(() => answered > 4 + asks.length, 'answers before the removal');
    expect((await remove(one, flat)).status).toBe(204);
    await Promise.all(asking);
    // A refresh of the session gives tokens of another household.
    const { json } = await two.refresh(flat.member.refreshToken);
    const { accessToken = '' } = json as Partial<TokenPair>;
    const again = await one.call('GET', '/v1/tasks', { token: accessToken });
    expect(again.text).not.toContain(flat.id);
  });

  it('changes nothing by a request that waited for a lock meanwhile', async () => {
    const flat = await shareFlat();
    const { accessToken: token } = flat.member;
    const id = await createTask(one, flat.owner, 'Before');
    const holder = new pg.Client({ connectionString: both.environment.DATABASE_URL });
    await holder.connect();
    try {
      await holder.query('BEGIN');
      await holder.query('SELECT FROM tasks WHERE id = $1 FOR UPDATE', [id]);
      const waiting = two.call('PATCH', `/v1/tasks/${id}`, { token, body: { title: 'After' } });
      await eventually(isLockAwaited, 'the change waits for the row');
      expect((await remove(one, flat)).status).toBe(204);
      // The row is still held: the change does not wait for it.
      expect((await waiting).status).toBe(409);
      await holder.query('ROLLBACK');
      for (const client of [one, two]) {
        const again = await client.call('PATCH', `/v1/tasks/${id}`, {
          token,
          body: { title: 'x' },
        });
        expect(REFUSED).toContain(again.status);
      }
    } finally {
      await holder.end();
    }
    const { json } = await two.call('GET', `/v1/tasks/${id}`, { token: flat.owner });
    expect(json).toMatchObject({ id, title: 'Before' });
  });
});

describe('a household that is deleted in one process', () => {
  it('loses its rows, and is refused by every process', async () => {
    const flat = await shareFlat();
    await createTask(two, flat.member.accessToken, 'Gone');
    const answer = await one.call('DELETE', `/v1/households/${flat.id}`, {
      token: flat.owner,
      body: { password: 'a horse on a staircase' },
    });
    expect(answer.status).toBe(204);
    for (const client of [one, two]) {
      for (const token of [flat.owner, flat.member.accessToken]) {
        expect(REFUSED).toContain((await client.call('GET', '/v1/tasks', { token })).status);
      }
    }
    const left = await both.database.query({
      text: 'SELECT FROM tasks WHERE household_id = $1',
      values: [flat.id],
    });
    expect(left).toStrictEqual([]);
  });
});
