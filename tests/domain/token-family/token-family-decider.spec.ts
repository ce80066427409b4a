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

describe('when a family does not exist', () => {
  it('starts with generation 0 and access token 0', () => given().when(start()).then(started));

  it('ends at its absolute end when that comes before it would lie idle for too long', () =>
    given()
      .when(start({ idleExpiresAt: at(ABSOLUTE_SECONDS + 1) }))
      .then({ ...started, data: { ...started.data, expiresAt: ABSOLUTE_END } }));

  it('keeps an absent household and device name absent', () =>
    given()
      .when(start({ householdId: null, deviceName: null }))
      .then({ ...started, data: { ...started.data, householdId: null, deviceName: null } }));

  it('refuses every refresh token', () =>
    given().when(present(0, 1)).thenRefused('refresh_token_invalid'));

  it('has nothing to revoke', () =>
    given().when(revoke('sign_out', 1)).thenRefused('session_not_found'));
});

describe('when a family is alive', () => {
  it('does not start again', () => given(started).when(start()).thenRefused('session_exists'));

  it.each<RevocationReason>([
    'sign_out',
    'theft',
    'password_changed',
    'deactivated',
    'erased',
    'admin',
    'membership_lost',
  ])('is revoked for %s', (reason) =>
    given(started)
      .when(revoke(reason, 5))
      .then(revoked(reason, 5, [span(0, 0, 0)])),
  );

  it('revokes every access token that has not expired, those of replays too', () =>
    given(started, rotated(1, 60), replayed(1, 61, { ordinal: 2 }), rotated(2, 120, { ordinal: 3 }))
      .when(revoke('sign_out', 200))
      .then(revoked('sign_out', 200, [span(0, 0, 0), span(1, 2, 61), span(3, 3, 120)])));

  it('does not list an access token in the millisecond it expires', () =>
    given(started, rotated(1, 60))
      .when(revoke('sign_out', 600))
      .then(revoked('sign_out', 600, [span(1, 1, 60)])));

  it('still lists an access token in its last millisecond', () =>
    given(started)
      .when(revoke('sign_out', 599.999))
      .then(revoked('sign_out', 599.999, [span(0, 0, 0)])));

  it('is revoked even when it has expired by itself', () =>
    given(started)
      .when(revoke('sign_out', ABSOLUTE_SECONDS))
      .then(revoked('sign_out', ABSOLUTE_SECONDS, [])));
});

describe('when a family was revoked', () => {
  const past = [started, rotated(1, 60), revoked('sign_out', 90, [span(0, 0, 0), span(1, 1, 60)])];

  it('is not revoked twice', () =>
    given(...past)
      .when(revoke('theft', 91))
      .thenNothingHappened());

  it('does not start again', () =>
    given(...past)
      .when(start())
      .thenRefused('session_exists'));

  it.each([0, 1, 2])('refuses generation %i without telling why', (generation) =>
    given(...past)
      .when(present(generation, 91))
      .thenRefused('refresh_token_invalid'),
  );

  it('keeps nothing but who it belonged to, why and when it ended', () =>
    expect(given(...past).state).toStrictEqual({
      status: 'revoked',
      userId: 'user_ann',
      reason: 'sign_out',
      revokedAt: at(90),
    }));

  it('does not come back to life by an event that was stored after its end', () =>
    expect(given(...past, rotated(2, 95), replayed(1, 96)).state).toStrictEqual(
      given(...past).state,
    ));
});
