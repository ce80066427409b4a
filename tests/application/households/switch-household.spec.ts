import { describe, expect, it } from 'vitest';
import { createSwitchHousehold } from '../../../src/application/households/switch-household.ts';
import { createRotateRefreshToken } from '../../../src/application/sessions/rotate-refresh-token.ts';
import { ANN, CAT } from '../../support/events/household-fixtures.ts';
import { at, START } from '../../support/events/token-family-fixtures.ts';
import {
  createHouseholdServices,
  defaultHouseholdOf,
  FLAT,
} from '../../support/households/household-services.ts';
import { ann, contextFrom, policy } from '../../support/sessions/session-services.ts';

const HOME = defaultHouseholdOf(CAT);
const EXPIRY = Date.parse(at(600)) / 1_000;
const invalid = { code: 'refresh_token_invalid' };
const notFound = { name: 'DomainError', code: 'household_not_found' };

/** A session of Cat that acts for her default household. */
const setUp = async () => {
  const world = await createHouseholdServices();
  world.principals.set(CAT, { ...ann, userId: CAT, householdId: HOME });
  const rotateRefreshToken = createRotateRefreshToken({ ...world, policy });
  const { refreshToken } = await world.openIn(CAT, HOME);
  const parts = { ...world, rotateRefreshToken, policy };
  const input = { userId: CAT, sessionId: 'family-1', accessTokenExpiry: EXPIRY };
  return {
    ...parts,
    refreshToken,
    switchTo: (
      householdId = FLAT,
      token: string | undefined = undefined,
      changed: Partial<typeof parts> = {},
    ) =>
      createSwitchHousehold({ ...parts, ...changed })(
        { ...input, householdId, refreshToken: token },
        contextFrom(),
      ),
    /** Removes Cat right after her membership was looked up for the first time. */
    removedMeanwhile: {
      ...world.accounts,
      findPrincipal: async (userId: string, householdId: string) => {
        const principal = await world.accounts.findPrincipal(userId, householdId);
        if (principal?.householdId !== null) {
          await world.decide({ type: 'RemoveMember', data: { by: ANN, userId, now: START } });
        }
        return principal;
      },
    },
  };
};

describe('switching the household of a session with its access token', () => {
  it('stores ActiveHouseholdSwitched, and refuses the access tokens from before', async () => {
    const { switchTo, eventsOf, revoked } = await setUp();
    await switchTo();
    expect((await eventsOf('family-1')).slice(1)).toStrictEqual([
      {
        type: 'ActiveHouseholdSwitched',
        data: {
          userId: CAT,
          householdId: FLAT,
          previous: HOME,
          cause: 'chosen',
          accessTokens: [{ first: 0, last: 0, expiresAt: at(600) }],
          accessToken: { ordinal: 1, expiresAt: at(600) },
          switchedAt: START,
        },
      },
    ]);
    expect([...revoked]).toStrictEqual([['family-1.0', at(600)]]);
  });

  it('answers an access token that ends when the one before would have, and no refresh token', async () => {
    const { switchTo, clock } = await setUp();
    clock.advance(200);
    expect(await switchTo()).toStrictEqual({
      accessToken: 'jwt family-1.1',
      expiresIn: 400,
      sessionId: 'family-1',
      accessTokenId: 'family-1.1',
    });
  });

  it('is refused for a session that has ended', async () => {
    const { switchTo, revokeTokenFamily } = await setUp();
    await revokeTokenFamily('family-1', 'sign_out', contextFrom());
    await expect(switchTo()).rejects.toMatchObject({ code: 'session_not_found' });
  });
});

describe('switching the household of a session with its refresh token', () => {
  it('rotates the refresh token and switches in the same append', async () => {
    const { switchTo, refreshToken, eventsOf } = await setUp();
    expect(await switchTo(FLAT, refreshToken)).toMatchObject({
      sessionId: 'family-1',
      accessToken: 'jwt family-1.1',
      refreshToken: 'lkr family-1 1 salt-1 7',
    });
    const [switched, rotated] = (await eventsOf('family-1')).slice(1);
    expect([switched, rotated].map((event) => event?.type).toSorted()).toStrictEqual([
      'ActiveHouseholdSwitched',
      'RefreshTokenRotated',
    ]);
  });

  it('is refused with the refresh token of another session, and with a malformed one', async () => {
    const { switchTo, openIn, eventsOf } = await setUp();
    const { refreshToken } = await openIn(CAT, HOME);
    await expect(switchTo(FLAT, refreshToken)).rejects.toMatchObject(invalid);
    await expect(switchTo(FLAT, 'malformed')).rejects.toMatchObject(invalid);
    expect(await eventsOf('family-1')).toHaveLength(1);
  });

  it('revokes the session when the refresh token was used before by another client', async () => {
    const { switchTo, refreshToken, rotateRefreshToken, sessions } = await setUp();
    await rotateRefreshToken(refreshToken, contextFrom('curl/8.0'));
    await expect(switchTo(FLAT, refreshToken)).rejects.toMatchObject({
      code: 'refresh_token_reused',
    });
    expect(await sessions.unrevokedFamilyIds(CAT)).toStrictEqual([]);
  });
});

describe('switching to a household whose member the user is not', () => {
  it.each(['hh_dan', 'hh_none'])(
    'is refused like a household that does not exist: %s',
    async (id) => {
      const { switchTo, refreshToken, eventsOf } = await setUp();
      await expect(switchTo(id)).rejects.toMatchObject(notFound);
      await expect(switchTo(id, refreshToken)).rejects.toMatchObject(notFound);
      expect(await eventsOf('family-1')).toHaveLength(1);
    },
  );

  it('is refused for a deactivated user', async () => {
    const { switchTo, give, eventsOf } = await setUp();
    await give(CAT, { type: 'DeactivateUser', data: { now: START } });
    await expect(switchTo()).rejects.toMatchObject(notFound);
    expect(await eventsOf('family-1')).toHaveLength(1);
  });

  it('moves the session on to the default household when the membership ended meanwhile', async () => {
    const { switchTo, removedMeanwhile, eventsOf, revoked } = await setUp();
    await expect(switchTo(FLAT, undefined, { accounts: removedMeanwhile })).rejects.toMatchObject(
      notFound,
    );
    expect((await eventsOf('family-1')).at(-1)).toStrictEqual({
      type: 'ActiveHouseholdSwitched',
      data: {
        userId: CAT,
        householdId: HOME,
        previous: FLAT,
        cause: 'membership_lost',
        accessTokens: [{ first: 1, last: 1, expiresAt: at(600) }],
        accessToken: null,
        switchedAt: START,
      },
    });
    expect([...revoked.keys()]).toStrictEqual(['family-1.0', 'family-1.1']);
  });

  it('passes an error of the second look-up on, and leaves the session switched', async () => {
    const { switchTo, accounts, eventsOf } = await setUp();
    let lookUps = 0;
    const failing = {
      ...accounts,
      findPrincipal: async (userId: string, householdId: string) => {
        lookUps += 1;
        if (lookUps > 1) throw new Error('the database is away');
        return accounts.findPrincipal(userId, householdId);
      },
    };
    await expect(switchTo(FLAT, undefined, { accounts: failing })).rejects.toThrow(
      'the database is away',
    );
    expect(await eventsOf('family-1')).toHaveLength(2);
  });
});
