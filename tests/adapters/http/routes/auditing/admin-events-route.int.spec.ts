import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { tokens } from '../../../../../src/composition/system-tokens.ts';
import { readPages, signUpAdmin } from '../../../../support/administration/administrators.ts';
import { expectProblem, type SignedIn } from '../../../../support/servers/http-client.ts';
import {
  type RunningApp,
  startRunningApp,
  times,
} from '../../../../support/servers/running-app.ts';

type Event = Readonly<{
  position: string;
  eventId: string;
  stream: string;
  revision: string;
  type: string;
  occurredAt: string;
  actor: string;
  correlationId: string;
  data: Readonly<Record<string, unknown>>;
}>;
type Page = Readonly<{ events: readonly Event[]; nextCursor: string | null }>;

let app: RunningApp;
let admin: SignedIn;
beforeAll(async () => {
  app = await startRunningApp();
  admin = await signUpAdmin(app);
});
afterAll(() => app.close());

const ask = (parameters: string, token = admin.accessToken) =>
  app.client.call('GET', `/v1/admin/events${parameters}`, { token });

const read = async (parameters = ''): Promise<Page> => {
  const answer = await ask(parameters);
  expect(answer).toMatchObject({ status: 200, headers: { 'cache-control': 'no-store' } });
  return answer.json as Page;
};

const readAll = (parameters: string, betweenPages = async (): Promise<unknown> => undefined) =>
  readPages<Event>(async (cursor) => {
    const { events, nextCursor } = await read(`?${parameters}${cursor ? `&cursor=${cursor}` : ''}`);
    await betweenPages();
    return { items: events, nextCursor };
  });

const signInAsGuest = async (): Promise<SignedIn> =>
  (await app.client.call('POST', '/v1/sessions/guest')).json as SignedIn;

describe('the event list of an administrator', () => {
  it('has the latest event first, each as stored', async () => {
    const { user, sessionId } = await app.client.signUp();
    const rows = await app.sql<{ event_id: string; stream_id: string; id: string; at: string }>(
      `SELECT event_id, stream_id, metadata->>'correlationId' AS id, occurred_at AS at FROM events
        ORDER BY transaction_id DESC, global_position DESC LIMIT 4`,
    );

    const { events } = await read('?limit=4');

    expect(events.map(({ eventId, stream }) => [eventId, stream])).toStrictEqual(
      rows.map(({ event_id, stream_id }) => [event_id, stream_id]),
    );
    expect(events.find(({ type }) => type === 'UserRegistered')).toStrictEqual({
      position: expect.stringMatching(/^\d{20}-\d{20}$/),
      eventId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      stream: `user-${user.id}`,
      revision: '0',
      type: 'UserRegistered',
      occurredAt: rows[0]?.at,
      actor: 'anonymous',
      correlationId: rows[0]?.id,
      data: {
        householdId: expect.stringMatching(/^hh_/),
        role: 'user',
        tier: 'free',
        locale: 'en',
        pending: false,
        registeredAt: rows[0]?.at,
      },
    });
    expect(events.map(({ stream }) => stream)).toContain(`tokenFamily-${sessionId}`);
  });

  it('has the position in the log of each event', async () => {
    const places: (readonly [string, string])[] = [];
    for await (const { eventId, position } of app.get(tokens.eventStore).readAll()) {
      places.unshift([eventId, position]);
    }

    const { events } = await read('?limit=100');

    expect(events.map(({ eventId, position }) => [eventId, position])).toStrictEqual(places);
  });
});

describe('the filtered event list', () => {
  let person: SignedIn;
  let householdId: string;
  beforeAll(async () => {
    person = await app.client.signUp();
    await app.client.signUp();
    await app.client.rotate(person, 2);
    await app.client.signIn(person.user.email);
    const { json } = await app.client.me(person.accessToken);
    householdId = (json as { household: { id: string } }).household.id;
  });

  const typesOf = async (parameters: string) =>
    (await readAll(parameters)).flat().map(({ type }) => type);

  it('finds the events of a user and of the user’s sessions', async () => {
    const types = await typesOf(`userId=${person.user.id}`);

    expect(types.toSorted()).toStrictEqual([
      'EmailVerificationRequested',
      'RefreshTokenRotated',
      'RefreshTokenRotated',
      'TokenFamilyStarted',
      'TokenFamilyStarted',
      'UserRegistered',
    ]);
  });

  it('finds the events of a household', async () => {
    const pages = await readAll(`householdId=${householdId}`);

    expect(pages.flat()).toStrictEqual([
      expect.objectContaining({
        type: 'HouseholdCreated',
        stream: `household-${householdId}`,
        data: { ownerId: person.user.id, home: true, createdAt: expect.any(String) },
      }),
    ]);
  });

  it('finds the events of a type', async () => {
    expect(new Set(await typesOf('type=RefreshTokenRotated'))).toStrictEqual(
      new Set(['RefreshTokenRotated']),
    );
    expect(await typesOf(`type=TokenFamilyStarted&userId=${person.user.id}`)).toHaveLength(2);
    expect(await typesOf('type=UserImported')).toStrictEqual([]);
  });

  it('finds the events of a period, including its start and excluding its end', async () => {
    const all = (await readAll('')).flat();
    const instants = [...new Set(all.map(({ occurredAt }) => occurredAt))].sort();
    const [from = '', to = ''] = [instants[1], instants.at(-2)];
    const expected = all.filter(({ occurredAt }) => from <= occurredAt && occurredAt < to);

    const found = (await readAll(`from=${from}&to=${to}`)).flat();

    expect(expected.length).toBeGreaterThan(0);
    expect(found).toStrictEqual(expected);
    const shifted = new Date(Date.parse(from) + 2 * 3_600_000)
      .toISOString()
      .replace('Z', '%2B02:00');
    expect((await readAll(`from=${shifted}&to=${to}`)).flat()).toStrictEqual(expected);
  });

  it('is empty if no event matches every filter', async () => {
    expect(await read(`?userId=${person.user.id}&householdId=${householdId}`)).toStrictEqual({
      events: [],
      nextCursor: null,
    });
    expect(await read('?userId=nobody')).toStrictEqual({ events: [], nextCursor: null });
    expect(await read('?householdId=%27--%F0%9F%94%91')).toStrictEqual({
      events: [],
      nextCursor: null,
    });
    expect((await read('?from=2999-12-31T23:59:59Z')).events).toStrictEqual([]);
    expect((await read('?to=1000-01-01T00:00:00%2B23:59')).events).toStrictEqual([]);
  });

  it.each([
    'type=UserErasedYesterday',
    'type=constructor',
    'type=',
    'type=userregistered',
    'type=UserRegistered&type=UserLocked',
    'userId=%00',
    'userId=a%00b',
    'householdId=%00',
    `userId=${'a'.repeat(1_001)}`,
    'from=yesterday',
    'from=2026-01-01',
    'from=2026-13-01T00:00:00Z',
    'from=2026-01-32T00:00:00Z',
    'from=2026-01-01T24:00:00Z',
    'from=2026-01-01T00:00:60Z',
    'from=0000-01-01T00:00:00Z',
    'from=9999-01-01T00:00:00Z',
    'to=%2B275760-09-13T00:00:00Z',
    'to=infinity',
    'to=2026-01-01T00:00:00',
    'limit=0',
    'limit=1000',
    'stream=user-1',
  ])('refuses undocumented parameters: %s', async (parameters) => {
    expectProblem(await ask(`?${parameters}`), 'validation_failed');
  });
});

describe('the list of many events', () => {
  it('contains each event once over all pages, also while more are appended', async () => {
    await times(10, async () => {
      for (let n = 0; n < 9; n += 1) await signInAsGuest();
    });
    const rows = await app.sql<{ id: string }>(
      'SELECT event_id AS id FROM events ORDER BY transaction_id DESC, global_position DESC',
    );
    expect(rows.length).toBeGreaterThan(250);

    const pages = await readAll('limit=30', signInAsGuest);

    expect(pages.flat().map(({ eventId }) => eventId)).toStrictEqual(rows.map(({ id }) => id));
    expect(pages.slice(0, -1).every((page) => page.length === 30)).toBe(true);
  });

  it('contains each event of one user once over all pages', async () => {
    const guest = await signInAsGuest();
    await app.client.rotate(guest, 12);

    const pages = await readAll(`userId=${guest.user.id}&limit=5`);

    expect(pages.map((page) => page.length)).toStrictEqual([5, 5, 4]);
    expect(new Set(pages.flat().map(({ eventId }) => eventId)).size).toBe(14);
  });

  it.each(['type=TokenFamilyStarted', 'from=2001-01-01T00:00:00Z', 'userId=', ''])(
    'refuses the cursor of another filter: %s',
    async (parameters) => {
      const { nextCursor } = await read('?limit=1&type=UserRegistered');

      expectProblem(await ask(`?${parameters}&cursor=${nextCursor}`), 'cursor_invalid');
    },
  );

  it('refuses the cursor of another administrator and an altered one', async () => {
    const { nextCursor } = await read('?limit=1');
    const { accessToken } = await signUpAdmin(app);

    expectProblem(await ask(`?cursor=${nextCursor}`, accessToken), 'cursor_invalid');
    expectProblem(await ask(`?cursor=${nextCursor?.slice(0, -2)}AA`), 'cursor_invalid');
    expectProblem(await ask('?cursor=00000000000000000001-00000000000000000001'), 'cursor_invalid');
  });
});
