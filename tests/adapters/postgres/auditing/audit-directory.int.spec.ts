import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LogLocation } from '../../../../src/application/event-log/log-copy.ts';
import { streamName } from '../../../../src/application/kernel/event-store.ts';
import { tokens } from '../../../../src/composition/system-tokens.ts';
import {
  openTwoStores,
  type SignedInUser,
  signUp,
  type TwoStores,
} from '../../../support/event-log/two-stores.ts';
import { type ComposedSystem, visitor } from '../../../support/servers/composed-system.ts';

let stores: TwoStores;
let ada: SignedInUser;
let householdId: string;
let familyId: string;

beforeAll(async () => {
  stores = await openTwoStores();
  const system = await stores.open('postgres');
  ada = await signUp(system);
  await signUp(system);
  const http = system.get(tokens.http);
  const session = { ...visitor, actor: ada.id, jti: `${ada.sessionId}.0` };
  await http.changeProfile(ada.id, { displayName: 'Ada' }, session);
  const household = await http.households.createHousehold(
    { userId: ada.id, name: 'Boat' },
    session,
  );
  householdId = household.id;
  familyId = ada.sessionId;
  await http.rotateRefreshToken(ada.refreshToken, visitor);
  const thief = { ...visitor, client: { ip: '203.0.113.9', userAgent: 'curl' } };
  await expect(http.rotateRefreshToken(ada.refreshToken, thief)).rejects.toThrow();
});

afterAll(() => stores.close());

const findIn = async (system: ComposedSystem) => {
  const directory = system.get(tokens.auditDirectory);
  const eventStore = system.get(tokens.eventStore);
  const [theft, ...others] = await directory.thefts({
    since: undefined,
    before: undefined,
    limit: 10,
  });
  const done = await directory.eventsOfSession(familyId);
  const { events } = await eventStore.readStream({ category: 'user', id: ada.id });
  return {
    families: await directory.familiesOf(ada.id),
    households: (await directory.householdsOf(ada.id)).includes(householdId),
    done: done.map(({ stream, revision }) => `${streamName(stream)} ${revision}`),
    theft: theft && [streamName(theft.stream), theft.revision],
    others,
    earlier: await directory.thefts({ since: undefined, before: theft?.position, limit: 10 }),
    later: await directory.thefts({
      since: '2999-01-01T00:00:00.000Z',
      before: undefined,
      limit: 10,
    }),
    jti: events.find(({ event }) => event.type === 'DisplayNameChanged')?.metadata.jti,
  };
};

describe.each<LogLocation>(['postgres', 'eventstoredb'])('with the log in %s', (home) => {
  it('the audit directory finds streams of a user, events of a session, and thefts', async () => {
    const system = await stores.open(home);
    if (home === 'eventstoredb') await stores.copy(home);
    const { events } = await system
      .get(tokens.eventStore)
      .readStream({ category: 'user', id: ada.id });
    const renamed = events.find(({ event }) => event.type === 'DisplayNameChanged');
    expect(await findIn(system)).toStrictEqual({
      families: [familyId],
      households: true,
      done: [`user-${ada.id} ${renamed?.revision}`, `household-${householdId} 0`],
      theft: [`tokenFamily-${familyId}`, 2n],
      others: [],
      earlier: [],
      later: [],
      jti: `${familyId}.0`,
    });
  });
});

describe('with the log in EventStoreDB and an outdated index', () => {
  it('the audit directory finds later events', async () => {
    const system = await stores.open('eventstoredb');
    const directory = system.get(tokens.auditDirectory);
    const before = await directory.eventsOfSession(familyId);
    const eve = await signUp(system);
    const session = { ...visitor, actor: ada.id, jti: `${familyId}.0` };
    await system.get(tokens.http).changeProfile(ada.id, { displayName: 'Ada B.' }, session);
    await system.get(tokens.http).rotateRefreshToken(eve.refreshToken, visitor);
    const thief = { ...visitor, client: { ip: '203.0.113.9', userAgent: 'curl' } };
    const stolen = system.get(tokens.http).rotateRefreshToken(eve.refreshToken, thief);
    await expect(stolen).rejects.toThrow('refresh_token_reused');
    const done = await directory.eventsOfSession(familyId);
    expect(done.slice(0, before.length)).toStrictEqual(before);
    expect(done.slice(before.length).map(({ stream }) => streamName(stream))).toStrictEqual([
      `user-${ada.id}`,
    ]);
    const all = { since: undefined, before: undefined, limit: 10 };
    const thefts = await directory.thefts(all);
    expect(thefts.map(({ stream }) => stream.id)).toStrictEqual([eve.sessionId, familyId]);
    const [latest] = thefts;
    const earlier = await directory.thefts({ ...all, before: latest?.position });
    expect(earlier.map(({ stream }) => stream.id)).toStrictEqual([familyId]);
    expect(await directory.thefts({ ...all, limit: 1 })).toStrictEqual([latest]);
    expect(await directory.householdsOf(eve.id)).toHaveLength(1);
  });
});
