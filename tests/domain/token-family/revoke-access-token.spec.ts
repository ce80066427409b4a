import { describe, expect, it } from 'vitest';
import { parseAccessTokenId } from '../../../src/domain/token-family/access-token-spans.ts';
import { tokenFamilyDecider } from '../../../src/domain/token-family/token-family-decider.ts';
import {
  ACCESS_SECONDS,
  accessTokenRevoked,
  at,
  present,
  replayed,
  revokeAccessToken,
  revoked,
  rotated,
  span,
  started,
} from '../../support/events/token-family-fixtures.ts';
import { specificationFor } from '../../support/kernel/given-when-then.ts';

const given = specificationFor(tokenFamilyDecider);

describe('the revocation of one access token', () => {
  it('records that token with the expiry of its span', () => {
    given(started)
      .when(revokeAccessToken(0, 60))
      .then(accessTokenRevoked(0, 0, 60));
    given(started, rotated(1, 60))
      .when(revokeAccessToken(1, 70))
      .then(accessTokenRevoked(1, 60, 70));
  });

  it('records the latest expiry for tokens of the same minute', () =>
    given(started, rotated(1, 10), replayed(1, 12))
      .when(revokeAccessToken(0, 20))
      .then(accessTokenRevoked(0, 12, 20)));

  it('remains in the state until the token expires', () => {
    const past = [started, accessTokenRevoked(0, 0, 60), rotated(1, 100)];
    expect(given(...past).state).toMatchObject({
      revokedAccessTokens: [{ ordinal: 0, expiresAt: at(ACCESS_SECONDS) }],
    });
    expect(given(...past, rotated(2, ACCESS_SECONDS)).state).toMatchObject({
      revokedAccessTokens: [],
    });
    expect(given(...past, accessTokenRevoked(1, 100, ACCESS_SECONDS)).state).toMatchObject({
      revokedAccessTokens: [{ ordinal: 1, expiresAt: at(100 + ACCESS_SECONDS) }],
    });
  });

  it('does not end the session', () =>
    given(started, accessTokenRevoked(0, 0, 60))
      .when(present(0, 70))
      .then(rotated(1, 70)));

  it('does not remove the token from the list at the end of the session', () =>
    given(started, accessTokenRevoked(0, 0, 60))
      .when({ type: 'RevokeTokenFamily', data: { reason: 'sign_out', now: at(70) } })
      .then(revoked('sign_out', 70, [span(0, 0, 0)])));
});

describe('an access token that cannot be revoked', () => {
  it.each([
    ['was never minted', [started], 1, 60],
    ['has expired', [started], 0, ACCESS_SECONDS],
    ['is revoked already', [started, accessTokenRevoked(0, 0, 60)], 0, 61],
    ['was revoked with its session', [started, revoked('sign_out', 60, [])], 0, 61],
    ['is of a session that never existed', [], 0, 60],
  ] as const)('stores no event when it %s', (_, past, ordinal, seconds) =>
    given(...past)
      .when(revokeAccessToken(ordinal, seconds))
      .thenNothingHappened(),
  );

  it('can be revoked until the millisecond before its expiry', () =>
    given(started)
      .when(revokeAccessToken(0, ACCESS_SECONDS - 0.001))
      .then(accessTokenRevoked(0, 0, ACCESS_SECONDS - 0.001)));
});

describe('the id of an access token', () => {
  const family = '01980a5c-1111-7222-8333-444444444444';

  it('contains family and ordinal', () => {
    expect(parseAccessTokenId(`${family}.0`)).toStrictEqual({ familyId: family, ordinal: 0 });
    expect(parseAccessTokenId(`${family}.42`)).toStrictEqual({ familyId: family, ordinal: 42 });
  });

  it.each([
    '',
    family,
    `${family}.`,
    `${family}.-1`,
    `${family}.01`,
    `${family}.1.2`,
    `${family}.1e3`,
    `${family}.12345678901`,
    `${family.toUpperCase()}.0`,
    ` ${family}.0`,
    `${family}.0\n`,
    'family-1.0',
  ])('is refused when malformed: %j', (jti) => expect(parseAccessTokenId(jti)).toBeUndefined());
});
