import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createEndMembershipsAlongWith } from '../../../../../src/application/households/end-memberships-along-with.ts';
import { createSwitchHousehold } from '../../../../../src/application/households/switch-household.ts';
import { ApplicationError } from '../../../../../src/application/kernel/errors.ts';
import { createRotateRefreshToken } from '../../../../../src/application/sessions/rotate-refresh-token.ts';
import { createSignIn } from '../../../../../src/application/sessions/sign-in.ts';
import { tokens } from '../../../../../src/composition/system-tokens.ts';
import { claimsIn } from '../../../../support/households/household-client.ts';
import {
  type SharedHousehold,
  shareHousehold,
  signUpVerified,
  takeOver,
} from '../../../../support/households/shared-household.ts';
import { visitor } from '../../../../support/servers/composed-system.ts';
import { AGENT, PASSWORD, type SignedIn } from '../../../../support/servers/http-client.ts';
import { type RunningApp, startRunningApp } from '../../../../support/servers/running-app.ts';
import { policy } from '../../../../support/sessions/session-services.ts';

let app: RunningApp;
let flat: SharedHousehold;
let member: SignedIn;
let home: string | null;
beforeAll(async () => {
  app = await startRunningApp();
});
afterAll(() => app.close());
beforeEach(async () => {
  flat = await shareHousehold(app);
  ({ member } = flat);
  home = claimsIn(member.accessToken).hh;
});

const context = { ...visitor, client: { ip: '127.0.0.1', userAgent: AGENT } };

const remove = async (who = member): Promise<void> => {
  const { status } = await flat.homes.remove(flat.owner.accessToken, flat.id, who.user.id);
  expect(status).toBe(204);
};
/** Wraps `work` so that the member is removed right after its first result. */
const thenRemoved = <Args extends unknown[], Result>(
  work: (...args: Args) => Promise<Result>,
  who?: SignedIn,
) => {
  let calls = 0;
  return async (...args: Args): Promise<Result> => {
    const result = await work(...args);
    calls += 1;
    if (calls === 1) await remove(who);
    return result;
  };
};
const isDenied = (accessToken: string) => app.get(tokens.denylist).has(claimsIn(accessToken).jti);
const expiryOf = ({ accessToken }: SignedIn) => ({ accessTokenExpiry: claimsIn(accessToken).exp });
const sessionOf = async ({ sessionId }: Pick<SignedIn, 'sessionId'>) => {
  const [row] = await app.sql(
    'SELECT household_id, revoked_at IS NOT NULL AS ended FROM sessions WHERE id = $1',
    sessionId,
  );
  return row;
};
const parts = () => ({
  commands: app.get(tokens.commands),
  accounts: app.get(tokens.accounts),
  households: app.get(tokens.householdDirectory),
  refreshTokens: app.get(tokens.refreshTokens),
  rotateRefreshToken: app.get(tokens.rotateRefreshToken),
  issueTokenPair: app.get(tokens.issueTokenPair),
  endSessions: app.get(tokens.endSessions),
  sessions: app.get(tokens.sessions),
  denylist: app.get(tokens.denylist),
  clock: app.get(tokens.clock),
  policy,
});

describe('a membership that ends between a check and the append', () => {
  it('makes a refresh continue in the default household', async () => {
    await flat.homes.switchTo(member.accessToken, flat.id);
    const rotate = createRotateRefreshToken({
      ...parts(),
      loadRefreshContext: thenRemoved(app.get(tokens.loadRefreshContext)),
    });
    const pair = await rotate(member.refreshToken, context);
    expect(claimsIn(pair.accessToken)).toMatchObject({ hh: home, hh_role: 'owner' });
    expect(isDenied(pair.accessToken)).toBe(false);
    expect(await sessionOf(member)).toStrictEqual({ household_id: home, ended: false });
  });

  it.each([false, true])(
    'makes a switch to the household fail (with the refresh token: %s)',
    async (exchange) => {
      const { accounts, ...others } = parts();
      const findPrincipal = thenRemoved(accounts.findPrincipal);
      const switchHousehold = createSwitchHousehold({
        ...others,
        accounts: { ...accounts, findPrincipal },
      });
      const { refreshToken, sessionId } = member;
      const input = {
        userId: member.user.id,
        sessionId,
        householdId: flat.id,
        ...expiryOf(member),
      };
      await expect(
        switchHousehold({ ...input, ...(exchange && { refreshToken }) }, context),
      ).rejects.toMatchObject({ code: 'household_not_found' });
      expect(await sessionOf(member)).toStrictEqual({ household_id: home, ended: false });
      const types = await app.events(`tokenFamily-${sessionId}`);
      expect(types.filter((type) => type === 'ActiveHouseholdSwitched')).toHaveLength(2);
      for (const ordinal of [0, 1]) {
        expect(app.get(tokens.denylist).has(`${sessionId}.${ordinal}`)).toBe(true);
      }
    },
  );

  it('makes a switch end the session of a user without another household', async () => {
    const lodger = await memberOfOneHousehold();
    const { accounts, ...others } = parts();
    const switchHousehold = createSwitchHousehold({
      ...others,
      accounts: { ...accounts, findPrincipal: thenRemoved(accounts.findPrincipal, lodger) },
    });
    const { sessionId, user } = lodger;
    const input = { userId: user.id, sessionId, householdId: flat.id, ...expiryOf(lodger) };
    const error = await switchHousehold(input, context).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'session_not_found' });
    expect(await sessionOf(lodger)).toMatchObject({ ended: true });
  });

  it('does not undo a switch whose check after the append fails', async () => {
    const { accounts, ...others } = parts();
    let looks = 0;
    const switchHousehold = createSwitchHousehold({
      ...others,
      accounts: {
        ...accounts,
        findPrincipal: async (...args) => {
          looks += 1;
          if (looks === 2) throw new ApplicationError('service_unavailable');
          return accounts.findPrincipal(...args);
        },
      },
    });
    const { sessionId, user } = member;
    const input = { userId: user.id, sessionId, householdId: flat.id, ...expiryOf(member) };
    await expect(switchHousehold(input, context)).rejects.toMatchObject({
      code: 'service_unavailable',
    });
    expect(await sessionOf(member)).toStrictEqual({ household_id: flat.id, ended: false });
  });

  it('makes a sign-in continue in a household that the user still belongs to', async () => {
    const lodger = await memberOfOneHousehold();
    const other = await shareHousehold(app);
    await takeOver(app, other.id, lodger.user.id, 'viewer');
    const pair = await signInWhile(lodger);
    expect(claimsIn(pair.accessToken)).toMatchObject({ hh: other.id, hh_role: 'viewer' });
    expect(await sessionOf(pair)).toStrictEqual({ household_id: other.id, ended: false });
  });

  it('makes the sign-in of a user without another household fail', async () => {
    const lodger = await memberOfOneHousehold();
    await expect(signInWhile(lodger)).rejects.toMatchObject({ code: 'invalid_credentials' });
    const rows = await app.sql(
      `SELECT FROM sessions WHERE user_id = $1 AND revoked_at IS NULL AND household_id IS NOT NULL`,
      lodger.user.id,
    );
    expect(rows).toStrictEqual([]);
  });

  it('moves a session that switched to the household meanwhile to the default household', async () => {
    const { sessions } = parts();
    let looks = 0;
    const end = createEndMembershipsAlongWith({
      ...parts(),
      releaseMembers: app.get(tokens.releaseMembers),
      storeAlongWithSessions: app.get(tokens.storeAlongWithSessions),
      sessions: {
        ...sessions,
        listActiveIn: async (...args) => {
          const found = await sessions.listActiveIn(...args);
          looks += 1;
          if (looks === 1) await flat.homes.switchTo(member.accessToken, flat.id);
          return found;
        },
      },
    });
    const now = app.get(tokens.clock).now();
    const data = { by: flat.owner.user.id, userId: member.user.id, now };
    await end(
      {
        householdId: flat.id,
        userId: member.user.id,
        command: { type: 'RemoveMember', data },
      },
      visitor,
    );
    expect(looks).toBe(2);
    expect(await sessionOf(member)).toStrictEqual({ household_id: home, ended: false });
    expect(app.get(tokens.denylist).has(`${member.sessionId}.1`)).toBe(true);
  });
});

/** Signs up a user whose only household is the shared one of this test. */
const memberOfOneHousehold = async (): Promise<SignedIn> => {
  const { homes, owner, id } = flat;
  const person = await signUpVerified(app);
  const gone = claimsIn(person.accessToken).hh ?? '';
  await takeOver(app, id, person.user.id, 'member');
  await takeOver(app, gone, owner.user.id, 'admin');
  await homes.transfer(person.accessToken, gone, owner.user.id);
  await homes.remove(person.accessToken, gone, person.user.id);
  const session = (await app.client.signIn(person.user.email)).json as SignedIn;
  expect(claimsIn(session.accessToken).hh).toBe(id);
  return session;
};

/** Signs in while the membership ends during the password hash. */
const signInWhile = (lodger: SignedIn) => {
  const passwords = app.get(tokens.passwords);
  const signIn = createSignIn({
    ...parts(),
    prepareSession: app.get(tokens.prepareSession),
    revokeTokenFamily: app.get(tokens.revokeTokenFamily),
    respondInConstantTime: app.get(tokens.respondInConstantTime),
    passwords: { ...passwords, verify: thenRemoved(passwords.verify, lodger) },
  });
  return signIn({ identifier: lodger.user.email, password: PASSWORD }, context);
};
