import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  createHouseholdClient,
  type Flat,
} from '../../../../support/households/household-client.ts';
import {
  type SharedHousehold,
  shareHousehold,
  signUpVerified,
} from '../../../../support/households/shared-household.ts';
import { expectProblem, PASSWORD } from '../../../../support/servers/http-client.ts';
import {
  type RunningApp,
  skipSeconds,
  startRunningApp,
} from '../../../../support/servers/running-app.ts';

let app: RunningApp;
let flat: SharedHousehold;
beforeAll(async () => {
  app = await startRunningApp();
});
afterAll(() => app.close());
beforeEach(async () => {
  flat = await shareHousehold(app);
});
afterEach(() => {
  vi.useRealTimers();
});

/** Runs `work` and expects it to store nothing. */
const storingNothing = async (work: () => Promise<unknown>): Promise<void> => {
  const before = await app.countEvents();
  await work();
  expect(await app.countEvents()).toBe(before);
};

describe('a new household', () => {
  it('is owned by its creator, who keeps the default household', async () => {
    const { accessToken, user } = await signUpVerified(app);
    const homes = createHouseholdClient(app.client);
    const made = await homes.create(accessToken, '  The  Flat ');
    expect(made.status).toBe(201);
    const household = made.json as Flat;
    expect(household).toStrictEqual({
      id: expect.stringMatching(/^hh_[0-9a-z]{26}$/),
      name: 'The  Flat',
      role: 'owner',
      memberCount: 1,
      createdAt: expect.stringMatching(/Z$/),
    });
    const listed = (await homes.list(accessToken)).json as { households: Flat[] };
    expect(listed.households).toHaveLength(2);
    expect(listed.households.at(-1)).toStrictEqual(household);
    expect((await homes.read(accessToken, household.id)).json).toStrictEqual(household);
    expect(await app.events(`household-${household.id}`)).toStrictEqual(['HouseholdCreated']);
    const [home] = await app.sql<{ household_id: string }>(
      'SELECT household_id FROM users WHERE id = $1',
      user.id,
    );
    expect(home).toStrictEqual({ household_id: listed.households[0]?.id });
  });

  it.each(['', ' ', 'two\nlines', 'a'.repeat(101)])('is refused with the name %j', (name) =>
    storingNothing(async () => {
      const { accessToken } = flat.owner;
      expectProblem(await flat.homes.create(accessToken, name), 'household_name_invalid');
      expectProblem(await flat.homes.rename(accessToken, flat.id, name), 'household_name_invalid');
    }),
  );

  it.each([{}, { name: 1 }, { name: 'a', extra: 1 }])('is refused with the body %j', (body) =>
    storingNothing(async () => {
      const { accessToken: token } = flat.owner;
      const answer = await app.client.call('POST', '/v1/households', { token, body });
      expectProblem(answer, 'validation_failed');
    }),
  );
});

describe('the renaming of a household', () => {
  it('is allowed only for its owner and admins', async () => {
    const { homes, id } = flat;
    for (const [name, { accessToken }] of [
      ['Ours', flat.owner],
      ['Ours, really', flat.admin],
    ] as const) {
      const { status, json } = await homes.rename(accessToken, id, name);
      expect(status).toBe(200);
      expect(json).toMatchObject({ id, name, memberCount: 4 });
    }
    await storingNothing(async () => {
      for (const { accessToken } of [flat.member, flat.viewer]) {
        const answer = await homes.rename(accessToken, id, 'Mine');
        expectProblem(answer, 'household_role_insufficient');
      }
      expect((await homes.rename(flat.owner.accessToken, id, 'Ours, really')).status).toBe(200);
    });
  });
});

describe('the deletion of a household', () => {
  it('removes it and its invitations for every member', async () => {
    const { homes, id, owner, admin } = flat;
    await homes.invite(owner.accessToken, id, 'dan@example.com');
    const gone = await homes.drop(owner.accessToken, id);
    expect(gone).toMatchObject({ status: 204, text: '' });
    for (const { accessToken } of [owner, admin]) {
      expectProblem(await homes.read(accessToken, id), 'household_not_found');
      expect((await homes.list(accessToken)).json).toMatchObject({
        households: [{ role: 'owner' }],
      });
    }
    const [left] = await app.sql<Record<string, number>>(
      `SELECT (SELECT count(*)::integer FROM households WHERE id = $1) AS households,
        (SELECT count(*)::integer FROM household_members WHERE household_id = $1) AS members,
        (SELECT count(*)::integer FROM household_invitations WHERE household_id = $1) AS invitations`,
      id,
    );
    expect(left).toStrictEqual({ households: 0, members: 0, invitations: 0 });
    expectProblem(await homes.drop(owner.accessToken, id), 'household_not_found');
  });

  it('is allowed only for its owner', () =>
    storingNothing(async () => {
      for (const { accessToken } of [flat.admin, flat.member, flat.viewer]) {
        const answer = await flat.homes.drop(accessToken, flat.id);
        expectProblem(answer, 'household_role_insufficient');
      }
    }));

  it('is refused for a default household', async () => {
    const { homes, owner } = flat;
    const { households } = (await homes.list(owner.accessToken)).json as { households: Flat[] };
    const [home] = households;
    await storingNothing(async () => {
      const answer = await homes.drop(owner.accessToken, home?.id ?? '');
      expectProblem(answer, 'home_household_must_stay');
    });
  });

  it('needs the password when the sign-in is older than five minutes', async () => {
    const { homes, id, owner, member } = flat;
    const { accessToken } = owner;
    skipSeconds(301);
    await storingNothing(async () => {
      expectProblem(await homes.drop(accessToken, id), 'step_up_required');
      expectProblem(await homes.transfer(accessToken, id, member.user.id), 'step_up_required');
    });
    const wrong = await homes.drop(accessToken, id, { password: 'not the password' });
    expectProblem(wrong, 'invalid_credentials');
    expect((await homes.drop(accessToken, id, { password: PASSWORD })).status).toBe(204);
  });
});
