import { describe, expect, it } from 'vitest';
import type {
  LoseMembership,
  RotateRefreshToken,
  SwitchActiveHousehold,
} from '../../../src/domain/token-family/token-family-commands.ts';
import { tokenFamilyDecider } from '../../../src/domain/token-family/token-family-decider.ts';
import type {
  AccessTokenSpan,
  ActiveHouseholdSwitched,
  RefreshTokenRotated,
} from '../../../src/domain/token-family/token-family-events.ts';
import {
  ACCESS_SECONDS,
  at,
  IDLE_SECONDS,
  present,
  replayed,
  revoked,
  rotated,
  span,
  started,
  stranger,
  theftDetected,
} from '../../support/events/token-family-fixtures.ts';
import { specificationFor } from '../../support/kernel/given-when-then.ts';

const given = specificationFor(tokenFamilyDecider);

const HOME = 'hh_home';
const FLAT = 'hh_flat';

const choose = (householdId: string, seconds: number): SwitchActiveHousehold => ({
  type: 'SwitchActiveHousehold',
  data: { householdId, accessTokenExpiresAt: at(seconds + ACCESS_SECONDS), now: at(seconds) },
});
const lose = (householdId: string, seconds: number, fallback: string | null): LoseMembership => ({
  type: 'LoseMembership',
  data: { householdId, fallback, now: at(seconds) },
});
const exchange = (generation: number, seconds: number, switchTo: string): RotateRefreshToken => {
  const { type, data } = present(generation, seconds);
  return { type, data: { ...data, switchTo } };
};

type Switch = Readonly<{
  to?: string;
  from?: string | null;
  cause?: 'chosen' | 'membership_lost';
  ends?: readonly AccessTokenSpan[];
  ordinal?: number;
}>;
const switched = (
  seconds: number,
  { to = FLAT, from = HOME, cause = 'chosen', ends = [span(0, 0, 0)], ordinal }: Switch = {},
): ActiveHouseholdSwitched => ({
  type: 'ActiveHouseholdSwitched',
  data: {
    userId: 'user_ann',
    householdId: to,
    previous: from,
    cause,
    accessTokens: ends,
    accessToken:
      ordinal === undefined ? null : { ordinal, expiresAt: at(seconds + ACCESS_SECONDS) },
    switchedAt: at(seconds),
  },
});
const rotatedIn = (
  householdId: string,
  ...rotation: Parameters<typeof rotated>
): RefreshTokenRotated => {
  const { type, data } = rotated(...rotation);
  return { type, data: { ...data, householdId } };
};

describe('a session that chooses another household', () => {
  it('ends its earlier access tokens and mints one', () => {
    given(started)
      .when(choose(FLAT, 60))
      .then(switched(60, { ordinal: 1 }));
    given(started, rotated(1, 100))
      .when(choose(FLAT, 160))
      .then(switched(160, { ends: [span(0, 0, 0), span(1, 1, 100)], ordinal: 2 }));
  });

  it('does not list expired access tokens', () =>
    given(started)
      .when(choose(FLAT, ACCESS_SECONDS))
      .then(switched(ACCESS_SECONDS, { ends: [], ordinal: 1 })));

  it('keeps its refresh token', () => {
    const past = [started, switched(60, { ordinal: 1 })];
    expect(given(...past).state).toMatchObject({
      status: 'live',
      householdId: FLAT,
      generation: 0,
      minted: 2,
      accessTokens: [span(1, 1, 60)],
    });
    given(...past)
      .when(present(0, 90))
      .then(rotatedIn(FLAT, 1, 90, { ordinal: 2 }));
  });

  it('gets a new access token when the household is active already, and the earlier one ends', () =>
    given(started)
      .when(choose(HOME, 60))
      .then(switched(60, { to: HOME, ordinal: 1 })));

  it('is refused with session_not_found once it has ended', () => {
    given(started).when(choose(FLAT, IDLE_SECONDS)).thenRefused('session_not_found');
    given(started, revoked('sign_out', 5, []))
      .when(choose(FLAT, 9))
      .thenRefused('session_not_found');
    given().when(choose(FLAT, 9)).thenRefused('session_not_found');
  });
});

describe('a session that chooses another household with its refresh token', () => {
  const past = [started, switched(60), rotatedIn(FLAT, 1, 60)];

  it('switches and rotates in one decision', () =>
    given(started)
      .when(exchange(0, 60, FLAT))
      .then(switched(60), rotatedIn(FLAT, 1, 60)));

  it('only rotates when the household is active already', () =>
    given(started)
      .when(exchange(0, 60, HOME))
      .then(rotated(1, 60)));

  it('gets the same successor again when the response was lost', () =>
    given(...past)
      .when(exchange(0, 70, FLAT))
      .then(replayed(1, 70, { ordinal: 2 })));

  it('ends with a theft when a superseded token is presented, for any household', () => {
    const { type, data } = exchange(0, 70, FLAT);
    given(...past)
      .when({ type, data: { ...data, holder: stranger } })
      .then(
        theftDetected(
          {
            cause: 'other_client',
            presented: 0,
            current: 1,
            ageSeconds: 10,
            presenter: stranger,
          },
          70,
        ),
        revoked('theft', 70, [span(1, 1, 60)]),
      );
  });

  it('switches by a replay after a rotation that did not switch', () =>
    given(started, rotated(1, 60))
      .when(exchange(0, 70, FLAT))
      .then(
        switched(70, { ends: [span(0, 0, 0), span(1, 1, 60)] }),
        replayed(1, 70, { ordinal: 2 }),
      ));
});

describe('the end of a membership', () => {
  it('switches the sessions that act for the household and ends their access tokens', () => {
    given(started)
      .when(lose(HOME, 60, FLAT))
      .then(switched(60, { cause: 'membership_lost' }));
    expect(given(started, switched(60, { cause: 'membership_lost' })).state).toMatchObject({
      householdId: FLAT,
      accessTokens: [],
      minted: 1,
    });
  });

  it('ends a session whose user has no other household', () =>
    given(started)
      .when(lose(HOME, 60, null))
      .then(revoked('membership_lost', 60, [span(0, 0, 0)])));

  it('does not affect a session that acts for another household', () =>
    given(started)
      .when(lose(FLAT, 60, HOME))
      .thenNothingHappened());

  it('has no effect the second time', () =>
    given(started, switched(60, { cause: 'membership_lost' }))
      .when(lose(HOME, 61, FLAT))
      .thenNothingHappened());

  it('does not affect a session that has ended or never existed', () => {
    given(started, revoked('sign_out', 5, []))
      .when(lose(HOME, 9, null))
      .thenNothingHappened();
    given()
      .when(lose(HOME, 9, null))
      .thenNothingHappened();
  });
});
