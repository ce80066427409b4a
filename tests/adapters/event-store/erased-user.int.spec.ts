import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { tokenFamilyAggregate, userAggregate } from '../../../src/application/kernel/aggregate.ts';
import type { StreamId } from '../../../src/application/kernel/event-store.ts';
import { tokens } from '../../../src/composition/system-tokens.ts';
import { collect } from '../../support/event-log/event-store-fixtures.ts';
import {
  allTables,
  type ComposedSystem,
  openComposedSystem,
  visitor,
} from '../../support/servers/composed-system.ts';

const DEADLINE = { timeout: 10_000 };
const erased = '[erased]';

let system: ComposedSystem;
let people: readonly Readonly<{ user: StreamId; family: StreamId }>[];

const [ann, ben, eve] = ['ann', 'ben', 'eve'];

/** Registers a user, renames the user, and refreshes once. */
const live = async (name = '') => {
  const { registration, changeProfile, rotateRefreshToken } = system.get(tokens.http);
  const account = { email: `${name}@example.com`, username: name, displayName: name };
  const password = 'a horse on a staircase';
  const pair = await registration.registerUser({ ...account, password }, visitor);
  await rotateRefreshToken(pair.refreshToken, visitor);
  await changeProfile(pair.user.id, { username: `${name}.again` }, visitor);
  return {
    user: { category: 'user', id: pair.user.id } as const,
    family: { category: 'tokenFamily', id: pair.sessionId } as const,
  };
};

const dataOf = async (stream: StreamId | undefined) => {
  if (stream === undefined) throw new TypeError('no such user');
  const { events, firstBroken } = await system.get(tokens.eventStore).readStream(stream);
  return { data: events.map(({ event }) => event.data), firstBroken };
};

beforeAll(async () => {
  system = await openComposedSystem();
  people = [await live(ann), await live(ben), await live(eve)];
  const gone = people.slice(0, 2).map(({ user }) => user.id);
  await system.sql('DELETE FROM subject_keys WHERE subject_id = ANY ($1)', gone);
});
afterAll(() => system?.close());

describe('when the data keys of two users were destroyed', () => {
  it('their events read as tombstones, and every chain stays intact', async () => {
    const holder = { ip: erased, userAgent: erased, agentHash: erased };
    for (const person of people.slice(0, 2)) {
      expect(await dataOf(person.user)).toMatchObject({
        firstBroken: undefined,
        data: [
          { email: erased, username: erased, displayName: erased, passwordHash: erased },
          { email: erased },
          { username: erased, previous: erased },
        ],
      });
      expect(await dataOf(person.family)).toMatchObject({
        firstBroken: undefined,
        data: [
          { holder, userId: person.user.id },
          { holder, generation: 1 },
        ],
      });
    }
  });

  it('their snapshots read as tombstones', async () => {
    const store = system.get(tokens.eventStore);
    const [person] = people;
    if (person === undefined) throw new TypeError('no such user');
    const user = await store.read(person.user, userAggregate.snapshotVersion);
    expect(user).toMatchObject({ events: [], snapshot: { email: erased, username: erased } });
    const family = await store.read(person.family, tokenFamilyAggregate.snapshotVersion);
    expect(family).toMatchObject({
      events: [],
      snapshot: { generation: 1, holder: { ip: erased } },
    });
    expect((await store.read(person.user, 0)).events).toHaveLength(3);
  });

  it('the whole log stays readable, and other users are unchanged', async () => {
    const { readAll } = system.get(tokens.eventStore);
    await vi.waitFor(async () => expect(await collect(readAll())).toHaveLength(18), DEADLINE);
    expect(await dataOf(people[2]?.user)).toMatchObject({
      firstBroken: undefined,
      data: [
        { email: 'eve@example.com' },
        { email: 'eve@example.com' },
        { username: 'eve.again', previous: 'eve' },
      ],
    });
  });

  it('a rebuild leaves them out of the tables, and other users keep their names', async () => {
    const projections = system.get(tokens.projections);
    const report = await projections.rebuild(allTables, () => undefined);
    expect(report.events).toBe(18);
    const users = await system.sql(
      'SELECT email, username, display_name, password_hash LIKE $1 AS usable FROM users ORDER BY id',
      '$argon2%',
    );
    const erasedRow = { email: null, username: null, display_name: erased, usable: false };
    expect(users).toStrictEqual([
      erasedRow,
      erasedRow,
      { email: 'eve@example.com', username: 'eve.again', display_name: 'eve', usable: true },
    ]);
    const claims = await system.sql('SELECT kind, value FROM identifier_claims ORDER BY kind');
    expect(claims).toStrictEqual([
      { kind: 'email', value: 'eve@example.com' },
      { kind: 'username', value: 'eve.again' },
    ]);
    expect((await projections.verify(allTables, () => undefined)).drift).toStrictEqual([]);
  });
});
