import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { tokens } from '../../../../../src/composition/system-tokens.ts';
import type { HouseholdClient, Invited } from '../../../../support/households/household-client.ts';
import {
  type SharedHousehold,
  shareHousehold,
} from '../../../../support/households/shared-household.ts';
import { type Answer, expectProblem } from '../../../../support/servers/http-client.ts';
import { type RunningApp, startRunningApp } from '../../../../support/servers/running-app.ts';

let app: RunningApp;
let flat: SharedHousehold;
let invitationId: string;
beforeAll(async () => {
  app = await startRunningApp();
  flat = await shareHousehold(app);
  const { homes, owner, id } = flat;
  const { json } = await homes.invite(owner.accessToken, id, 'dan@example.com');
  invitationId = (json as Invited).id;
});
afterAll(() => app.close());

const UNKNOWN_ID = 'hh_01m7ytgcr7enwrtyk9vjwgx6fp';
const ODD = ['hh_00000000000000000000000000', 'nothing', "' OR 1=1 --", 'hh_%', 'é', 'constructor'];

type Ask = (homes: HouseholdClient, token: string, id: string) => Promise<Answer>;
const askings: Readonly<Record<string, Ask>> = {
  read: (homes, token, id) => homes.read(token, id),
  rename: (homes, token, id) => homes.rename(token, id, 'Mine'),
  delete: (homes, token, id) => homes.drop(token, id),
  members: (homes, token, id) => homes.members(token, id),
  'members, limited': (homes, token, id) => homes.members(token, id, '?limit=1'),
  'change the owner': (homes, token, id) =>
    homes.changeRole(token, id, flat.owner.user.id, 'viewer'),
  'change a member': (homes, token, id) =>
    homes.changeRole(token, id, flat.member.user.id, 'viewer'),
  'change oneself': (homes, token, id) =>
    homes.changeRole(token, id, flat.stranger.user.id, 'admin'),
  'remove a member': (homes, token, id) => homes.remove(token, id, flat.member.user.id),
  'remove the owner': (homes, token, id) => homes.remove(token, id, flat.owner.user.id),
  leave: (homes, token, id) => homes.remove(token, id, flat.stranger.user.id),
  'transfer to oneself': (homes, token, id) => homes.transfer(token, id, flat.stranger.user.id),
  'transfer to a member': (homes, token, id) => homes.transfer(token, id, flat.member.user.id),
  invite: (homes, token, id) => homes.invite(token, id, 'eve@example.com'),
  'invite an invited address': (homes, token, id) => homes.invite(token, id, 'dan@example.com'),
  invitations: (homes, token, id) => homes.invitations(token, id),
  resend: (homes, token, id) => homes.resend(token, id, invitationId),
  revoke: (homes, token, id) => homes.revoke(token, id, invitationId),
  switch: (homes, token, id) => homes.switchTo(token, id),
  'switch with the refresh token': (homes, token, id) =>
    homes.switchTo(token, id, flat.stranger.refreshToken),
};

/** The queries that `work` makes, by name or text. */
const queriesOf = async (work: () => Promise<Answer>) => {
  const spy = vi.spyOn(app.get(tokens.database), 'query');
  const answer = await work();
  const queries = spy.mock.calls.map(([{ name, text }]) => name ?? text);
  spy.mockRestore();
  // The denylist polls independently of requests.
  return { answer, queries: queries.filter((query) => query !== 'read_revocations') };
};

/** An answer without the parts that differ between requests. */
const shown = ({ status, headers, text }: Answer) => {
  const { date: _date, 'x-request-id': _id, ...rest } = headers;
  return { status, headers: rest, text };
};

describe('a request of a user who is not a member of the household', () => {
  it.each(Object.keys(askings))(
    'has the answer and the queries of an unknown id: %s',
    async (name) => {
      const { [name]: ask } = askings;
      if (ask === undefined) throw new TypeError('unknown request');
      const { accessToken } = flat.stranger;
      const before = await app.countEvents();
      const theirs = await queriesOf(() => ask(flat.homes, accessToken, flat.id));
      const nobodys = await queriesOf(() => ask(flat.homes, accessToken, UNKNOWN_ID));
      expectProblem(theirs.answer, 'household_not_found');
      expect(shown(theirs.answer)).toStrictEqual(shown(nobodys.answer));
      expect(theirs.queries.length).toBeGreaterThan(0);
      expect(theirs.queries).toStrictEqual(nobodys.queries);
      expect(await app.countEvents()).toBe(before);
    },
  );

  it.each(ODD)('has the same answer for the unusual id %j', async (id) => {
    const { homes, stranger } = flat;
    const path = encodeURIComponent(id);
    for (const ask of [askings.read, askings.members, askings.invite, askings.leave]) {
      if (ask === undefined) throw new TypeError('unknown request');
      expectProblem(await ask(homes, stranger.accessToken, path), 'household_not_found');
    }
    expectProblem(await homes.switchTo(stranger.accessToken, id), 'household_not_found');
  });

  it.each(['%00', 'hh_%00'])('is refused with the invalid id %s', async (id) => {
    const asked = Object.entries(askings).filter(([name]) => !name.startsWith('switch'));
    for (const [, ask] of asked) {
      expectProblem(await ask(flat.homes, flat.stranger.accessToken, id), 'validation_failed');
    }
    const { homes, owner } = flat;
    for (const answer of [
      await homes.remove(owner.accessToken, flat.id, id),
      await homes.changeRole(owner.accessToken, flat.id, id, 'viewer'),
      await homes.revoke(owner.accessToken, flat.id, id),
      await homes.resend(owner.accessToken, flat.id, id),
    ]) {
      expectProblem(answer, 'validation_failed');
    }
  });

  it('cannot use a cursor of a member', async () => {
    const { homes, owner, stranger, id } = flat;
    const page = (await homes.members(owner.accessToken, id, '?limit=1')).json;
    const { nextCursor } = page as { nextCursor: string };
    const query = `?limit=1&cursor=${nextCursor}`;
    expect((await homes.members(owner.accessToken, id, query)).status).toBe(200);
    const mine = await homes.found(stranger.accessToken);
    expectProblem(await homes.members(stranger.accessToken, mine, query), 'cursor_invalid');
  });

  it('cannot find an invitation of another household by its id', async () => {
    const { homes, stranger } = flat;
    const mine = await homes.found(stranger.accessToken);
    for (const each of [invitationId, 'inv_01m7ytgcr7enwrtyk9vjwgx6fp']) {
      expectProblem(await homes.revoke(stranger.accessToken, mine, each), 'invitation_not_found');
      expectProblem(await homes.resend(stranger.accessToken, mine, each), 'invitation_not_found');
    }
  });

  it('cannot find a member of another household', async () => {
    const { homes, stranger, owner } = flat;
    const mine = await homes.found(stranger.accessToken);
    for (const each of [owner.user.id, 'user_01m7ytgcr7enwrtyk9vjwgx6fp']) {
      const { accessToken } = stranger;
      expectProblem(await homes.remove(accessToken, mine, each), 'member_not_found');
      expectProblem(await homes.changeRole(accessToken, mine, each, 'admin'), 'member_not_found');
      expectProblem(await homes.transfer(accessToken, mine, each), 'member_not_found');
    }
  });

  it('always needs an access token', async () => {
    const answers = await Promise.all(
      Object.values(askings).map((ask) => ask(flat.homes, 'none', flat.id)),
    );
    for (const answer of answers) expectProblem(answer, 'access_token_invalid');
  });
});
