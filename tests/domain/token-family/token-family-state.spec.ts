import { describe, expect, it } from 'vitest';
import { tokenFamilyDecider } from '../../../src/domain/token-family/token-family-decider.ts';
import {
  ABSOLUTE_END,
  at,
  IDLE_SECONDS,
  laptop,
  present,
  replayed,
  rotated,
  START,
  salt,
  span,
  started,
  stranger,
  theftDetected,
} from '../../support/events/token-family-fixtures.ts';
import { specificationFor } from '../../support/kernel/given-when-then.ts';

const given = specificationFor(tokenFamilyDecider);

const fresh = {
  status: 'live',
  userId: 'user_ann',
  householdId: 'hh_home',
  salt,
  generation: 0,
  keyId: 7,
  issuedAt: START,
  holder: laptop,
  replays: 0,
  expiresAt: at(IDLE_SECONDS),
  absoluteExpiresAt: ABSOLUTE_END,
  startedAt: START,
  minted: 1,
  accessTokens: [span(0, 0, 0)],
  revokedAccessTokens: [],
};

/** The successor after a replacement of the master key. */
const underNewKey = {
  ...rotated(1, 60, { by: stranger }),
  data: { ...rotated(1, 60, { by: stranger }).data, refreshToken: { tokenHash: 'f', keyId: 9 } },
};

describe('the state of a family', () => {
  it('consists of the values of the sign-in', () =>
    expect(given(started).state).toStrictEqual(fresh));

  it('follows a rotation in generation, key, holder and times', () =>
    expect(given(started, underNewKey).state).toStrictEqual({
      ...fresh,
      generation: 1,
      keyId: 9,
      issuedAt: at(60),
      holder: stranger,
      expiresAt: at(60 + IDLE_SECONDS),
      minted: 2,
      accessTokens: [span(0, 0, 0), span(1, 1, 60)],
    }));

  it('counts replays, which change neither holder nor times', () =>
    expect(given(started, rotated(1, 60), replayed(1, 61, { by: stranger })).state).toStrictEqual({
      ...given(started, rotated(1, 60)).state,
      replays: 1,
      minted: 3,
      accessTokens: [span(0, 0, 0), span(1, 2, 61)],
    }));

  it('counts the replays of each generation from zero', () =>
    expect(
      given(started, rotated(1, 60), replayed(1, 61), rotated(2, 62, { ordinal: 3 })).state,
    ).toMatchObject({ generation: 2, replays: 0, minted: 4 }));

  it('is not changed by the detection of a theft alone', () => {
    const theft = theftDetected(
      { cause: 'other_client', presented: 0, current: 1, ageSeconds: 1, presenter: stranger },
      61,
    );
    expect(given(started, rotated(1, 60), theft).state).toStrictEqual(
      given(started, rotated(1, 60)).state,
    );
  });

  it('leads to the same decisions after it was stored as JSON', () => {
    const { state } = given(started, rotated(1, 60), replayed(1, 61));
    const stored = JSON.parse(JSON.stringify(state));
    expect(stored).toStrictEqual(state);
    expect(tokenFamilyDecider.decide(present(1, 62), stored)).toStrictEqual([
      rotated(2, 62, { ordinal: 3 }),
    ]);
  });
});
