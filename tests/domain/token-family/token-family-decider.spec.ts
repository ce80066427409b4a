import { describe, expect, it } from 'vitest';
import { tokenFamilyDecider } from '../../../src/domain/token-family/token-family-decider.ts';
import type { RevocationReason } from '../../../src/domain/token-family/token-family-events.ts';
import {
  ABSOLUTE_END,
  ABSOLUTE_SECONDS,
  at,
  present,
  replayed,
  revoke,
  revoked,
  rotated,
  span,
  start,
  started,
} from '../../support/events/token-family-fixtures.ts';
import { specificationFor } from '../../support/kernel/given-when-then.ts';

const given = specificationFor(tokenFamilyDecider);

describe('a family that does not exist', () => {
  it('starts with generation 0 and access token 0', () => given().when(start()).then(started));

  it('starts with its absolute end as expiry when that comes before the idle end', () =>
    given()
      .when(start({ idleExpiresAt: at(ABSOLUTE_SECONDS + 1) }))
      .then({ ...started, data: { ...started.data, expiresAt: ABSOLUTE_END } }));

  it('starts without household and device name when there are none', () =>
    given()
      .when(start({ householdId: null, deviceName: null }))
      .then({ ...started, data: { ...started.data, householdId: null, deviceName: null } }));

  it('refuses every refresh token', () =>
    given().when(present(0, 1)).thenRefused('refresh_token_invalid'));

  it('refuses its revocation with session_not_found', () =>
    given().when(revoke('sign_out', 1)).thenRefused('session_not_found'));
});

describe('a live family', () => {
  it('does not start again', () => given(started).when(start()).thenRefused('session_exists'));

  it.each<RevocationReason>([
    'sign_out',
    'theft',
    'password_changed',
    'deactivated',
    'erased',
    'admin',
    'membership_lost',
  ])('is revoked with the reason %s', (reason) =>
    given(started)
      .when(revoke(reason, 5))
      .then(revoked(reason, 5, [span(0, 0, 0)])),
  );

  it('lists every unexpired access token when revoked, those of replays too', () =>
    given(started, rotated(1, 60), replayed(1, 61, { ordinal: 2 }), rotated(2, 120, { ordinal: 3 }))
      .when(revoke('sign_out', 200))
      .then(revoked('sign_out', 200, [span(0, 0, 0), span(1, 2, 61), span(3, 3, 120)])));

  it('does not list an access token in the millisecond of its expiry', () =>
    given(started, rotated(1, 60))
      .when(revoke('sign_out', 600))
      .then(revoked('sign_out', 600, [span(1, 1, 60)])));

  it('lists an access token in its last millisecond', () =>
    given(started)
      .when(revoke('sign_out', 599.999))
      .then(revoked('sign_out', 599.999, [span(0, 0, 0)])));

  it('is revoked even after its expiry', () =>
    given(started)
      .when(revoke('sign_out', ABSOLUTE_SECONDS))
      .then(revoked('sign_out', ABSOLUTE_SECONDS, [])));
});

describe('a revoked family', () => {
  const past = [started, rotated(1, 60), revoked('sign_out', 90, [span(0, 0, 0), span(1, 1, 60)])];

  it('is not revoked twice', () =>
    given(...past)
      .when(revoke('theft', 91))
      .thenNothingHappened());

  it('does not start again', () =>
    given(...past)
      .when(start())
      .thenRefused('session_exists'));

  it.each([0, 1, 2])('refuses generation %i without its reason', (generation) =>
    given(...past)
      .when(present(generation, 91))
      .thenRefused('refresh_token_invalid'),
  );

  it('keeps only its user, and the reason and time of its end', () =>
    expect(given(...past).state).toStrictEqual({
      status: 'revoked',
      userId: 'user_ann',
      reason: 'sign_out',
      revokedAt: at(90),
    }));

  it('remains revoked by an event stored after its end', () =>
    expect(given(...past, rotated(2, 95), replayed(1, 96)).state).toStrictEqual(
      given(...past).state,
    ));
});
