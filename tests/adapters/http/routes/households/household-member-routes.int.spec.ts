import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { claimsIn } from '../../../../support/households/household-client.ts';
import {
  type SharedHousehold,
  shareHousehold,
  signUpVerified,
  takeOver,
} from '../../../../support/households/shared-household.ts';
import { type Answer, expectPair, expectProblem } from '../../../../support/servers/http-client.ts';
import { type RunningApp, startRunningApp } from '../../../../support/servers/running-app.ts';

let app: RunningApp;
let flat: SharedHousehold;
beforeAll(async () => {
  app = await startRunningApp();
});
afterAll(() => app.close());
beforeEach(async () => {
  flat = await shareHousehold(app);
});

type Listed = Readonly<{
  members: readonly Readonly<{ userId: string; role: string }>[];
  nextCursor: string | null;
}>;
const listed = ({ json }: Answer) => json as Listed;
const rolesIn = async (id = flat.id): Promise<Readonly<Record<string, string>>> => {
  const { members } = listed(await flat.homes.members(flat.owner.accessToken, id));
  return Object.fromEntries(members.map(({ userId, role }) => [userId, role]));
};
const storingNothing = async (work: () => Promise<unknown>): Promise<void> => {
  const before = await app.countEvents();
  await work();
  expect(await app.countEvents()).toBe(before);
};

describe('the member list of a household', () => {
  it('shows every member in the order of joining to any role', async () => {
    const { homes, id, owner, admin, member, viewer } = flat;
    for (const { accessToken } of [owner, admin, member, viewer]) {
      const answer = await homes.members(accessToken, id);
      expect(answer.status).toBe(200);
      const { members, nextCursor } = listed(answer);
      expect(nextCursor).toBeNull();
      expect(members.map(({ userId, role }) => [userId, role])).toStrictEqual([
        [owner.user.id, 'owner'],
        [admin.user.id, 'admin'],
        [member.user.id, 'member'],
        [viewer.user.id, 'viewer'],
      ]);
      expect(members[0]).toStrictEqual({
        userId: owner.user.id,
        displayName: expect.stringMatching(/^Person \d+$/),
        username: null,
        role: 'owner',
        joinedAt: expect.stringMatching(/Z$/),
      });
    }
  });

  it('shows each member once over all pages', async () => {
    const { homes, id, viewer } = flat;
    const seen: string[] = [];
    let query = '?limit=1';
    for (let page = 1; page <= 4; page += 1) {
      const answer = listed(await homes.members(viewer.accessToken, id, query));
      seen.push(...answer.members.map(({ userId }) => userId));
      if (page === 4) expect(answer.nextCursor).toBeNull();
      else query = `?limit=1&cursor=${answer.nextCursor}`;
    }
    expect(seen).toStrictEqual(Object.keys(await rolesIn()));
  });
});

describe('a changed household role', () => {
  it('applies at once, although the tokens still contain the previous one', async () => {
    const { homes, id, owner, admin, viewer } = flat;
    expect((await homes.invite(admin.accessToken, id, 'eve@example.com')).status).toBe(201);
    const demoted = await homes.changeRole(owner.accessToken, id, admin.user.id, 'viewer');
    expect(demoted).toMatchObject({ status: 204, text: '' });
    await storingNothing(async () => {
      for (const answer of [
        await homes.invite(admin.accessToken, id, 'gil@example.com'),
        await homes.changeRole(admin.accessToken, id, viewer.user.id, 'admin'),
        await homes.rename(admin.accessToken, id, 'Mine'),
        await homes.invitations(admin.accessToken, id),
      ]) {
        expectProblem(answer, 'household_role_insufficient');
      }
    });
    expect((await homes.invitations(owner.accessToken, id)).json).toStrictEqual({
      invitations: [],
    });
    expect(await app.sql('SELECT * FROM invitation_addresses')).toStrictEqual([]);
  });

  it('is recorded once when set twice', async () => {
    const { homes, id, owner, member } = flat;
    await homes.changeRole(owner.accessToken, id, member.user.id, 'admin');
    await storingNothing(async () => {
      const again = await homes.changeRole(owner.accessToken, id, member.user.id, 'admin');
      expect(again.status).toBe(204);
    });
  });

  it.each(['owner', 'king', ''])('cannot be %j', (role) =>
    storingNothing(async () => {
      const { homes, id, owner, member } = flat;
      const answer = await homes.changeRole(owner.accessToken, id, member.user.id, role);
      expectProblem(answer, 'validation_failed');
    }),
  );
});

describe('a household whose ownership is transferred', () => {
  it('has one owner afterwards, and the previous owner is an admin', async () => {
    const { homes, id, owner, member } = flat;
    expect((await homes.transfer(owner.accessToken, id, member.user.id)).status).toBe(204);
    expect(await rolesIn()).toMatchObject({ [owner.user.id]: 'admin', [member.user.id]: 'owner' });
    const rows = await app.sql('SELECT owner_id FROM households WHERE id = $1', id);
    expect(rows).toStrictEqual([{ owner_id: member.user.id }]);
    const again = await homes.transfer(owner.accessToken, id, flat.viewer.user.id);
    expectProblem(again, 'household_role_insufficient');
    expect((await homes.remove(owner.accessToken, id, owner.user.id)).status).toBe(204);
    const stuck = await homes.remove(member.accessToken, id, member.user.id);
    expectProblem(stuck, 'owner_must_stay');
  });
});

describe('the end of a membership', () => {
  const acting = async (person: SharedHousehold['member']) => {
    const { homes, id } = flat;
    return expectPair(await homes.switchTo(person.accessToken, id, person.refreshToken));
  };

  it.each(['removed', 'left'] as const)(
    'moves sessions of the household to the default household: %s',
    async (how) => {
      const { homes, id, owner, member } = flat;
      const session = await acting(member);
      expect(claimsIn(session.accessToken)).toMatchObject({ hh: id, hh_role: 'member' });
      const by = how === 'left' ? session : owner;
      expect((await homes.remove(by.accessToken, id, member.user.id)).status).toBe(204);
      expectProblem(await app.client.me(session.accessToken), 'access_token_invalid');
      const next = expectPair(await app.client.refresh(session.refreshToken));
      expect(claimsIn(next.accessToken)).toMatchObject({
        hh: claimsIn(member.accessToken).hh,
        hh_role: 'owner',
      });
      expectProblem(await homes.read(next.accessToken, id), 'household_not_found');
      expect(await app.events(`tokenFamily-${session.sessionId}`)).toStrictEqual([
        'TokenFamilyStarted',
        'ActiveHouseholdSwitched',
        'RefreshTokenRotated',
        'ActiveHouseholdSwitched',
        'RefreshTokenRotated',
      ]);
    },
  );

  it('leaves sessions of other households unchanged', async () => {
    const { homes, id, owner, member } = flat;
    await homes.remove(owner.accessToken, id, member.user.id);
    expect((await app.client.me(member.accessToken)).status).toBe(200);
    expect(claimsIn(expectPair(await app.client.refresh(member.refreshToken)).accessToken).hh).toBe(
      claimsIn(member.accessToken).hh,
    );
  });

  it('ends the sessions of a user without another household', async () => {
    const lodger = await signUpVerified(app);
    const { homes, owner, id } = flat;
    const home = claimsIn(lodger.accessToken).hh ?? '';
    await takeOver(app, home, owner.user.id, 'admin');
    await homes.transfer(lodger.accessToken, home, owner.user.id);
    expect((await homes.remove(lodger.accessToken, home, lodger.user.id)).status).toBe(204);
    expectProblem(await app.client.me(lodger.accessToken), 'access_token_invalid');
    expectProblem(await app.client.refresh(lodger.refreshToken), 'refresh_token_invalid');
    const rows = await app.sql(
      'SELECT revoked_reason FROM refresh_tokens WHERE token_family = $1',
      lodger.sessionId,
    );
    expect(rows).toStrictEqual([{ revoked_reason: 'membership_lost' }]);
    const back = await app.client.signIn(lodger.user.email);
    const session = back.json as SharedHousehold['member'];
    expect(claimsIn(session.accessToken)).toMatchObject({ hh: null, hh_role: null });
    const found = await homes.found(session.accessToken, 'A new home');
    const next = await app.client.signIn(lodger.user.email);
    expect(claimsIn((next.json as SharedHousehold['member']).accessToken)).toMatchObject({
      hh: found,
      hh_role: 'owner',
    });
    expect(id).not.toBe(found);
  });

  it('moves the sessions of every member when the household is deleted', async () => {
    const { homes, id, owner } = flat;
    const sessions = [await acting(flat.admin), await acting(flat.viewer)];
    await homes.drop(owner.accessToken, id);
    for (const session of sessions) {
      expectProblem(await app.client.me(session.accessToken), 'access_token_invalid');
      const next = expectPair(await app.client.refresh(session.refreshToken));
      expect(claimsIn(next.accessToken)).toMatchObject({ hh_role: 'owner' });
    }
  });
});
