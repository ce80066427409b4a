import { describe, expect, it } from 'vitest';
import { userDecider } from '../../../src/domain/user/user-decider.ts';
import type { UserEvent } from '../../../src/domain/user/user-events.ts';
import { at } from '../../support/events/token-family-fixtures.ts';
import {
  failed,
  failures,
  failuresFrom,
  hash,
  locked,
  lockout,
  newerHash,
  recordFailure,
  registered,
} from '../../support/events/user-fixtures.ts';
import { specificationFor } from '../../support/kernel/given-when-then.ts';

const given = specificationFor(userDecider);

const rehashed: UserEvent = {
  type: 'PasswordRehashed',
  data: { passwordHash: newerHash, rehashedAt: at(5) },
};
const deactivated: UserEvent = { type: 'UserDeactivated', data: { deactivatedAt: at(5) } };

describe('a failed sign-in', () => {
  it('is recorded', () => given(registered).when(recordFailure(10)).then(failed(10)));

  it('does not lock the account the ninth time', () =>
    given(registered, ...failuresFrom(0, 8))
      .when(recordFailure(10))
      .then(failed(10)));

  it('locks the account the tenth time', () =>
    given(registered, ...failuresFrom(0, 9))
      .when(recordFailure(10))
      .then(failed(10), locked(10)));

  it('locks the account the first time with a limit of one failure', () =>
    given(registered)
      .when(recordFailure(10, { policy: { ...lockout, maxFailures: 1 } }))
      .then(failed(10), locked(10)));

  it('is not recorded when the password has changed since it was compared', () =>
    given(registered, rehashed).when(recordFailure(10)).thenNothingHappened());

  it('is recorded against the changed password', () =>
    given(registered, rehashed)
      .when(recordFailure(10, { checkedHash: newerHash }))
      .then(failed(10)));

  it('is not recorded for an account without a password', () =>
    given({ ...registered, data: { ...registered.data, passwordHash: null } })
      .when(recordFailure(10))
      .thenNothingHappened());

  it('is recorded for a deactivated account too', () =>
    given(registered, deactivated, ...failuresFrom(0, 9))
      .when(recordFailure(10))
      .then(failed(10), locked(10)));
});

describe('the count of failures', () => {
  it('includes one that is exactly as old as the window', () =>
    given(registered, ...failures(0, 1, 2, 3, 4, 5, 6, 7, 8))
      .when(recordFailure(900))
      .then(failed(900), locked(900)));

  it('leaves out one that is a millisecond older', () =>
    given(registered, ...failures(0, 1, 2, 3, 4, 5, 6, 7, 8))
      .when(recordFailure(900.001))
      .then(failed(900.001)));

  it('is not reset by a change of the display name', () =>
    given(
      registered,
      ...failuresFrom(0, 5),
      { type: 'DisplayNameChanged', data: { displayName: 'Anna', changedAt: at(6) } },
      ...failuresFrom(6, 4),
    )
      .when(recordFailure(10))
      .then(failed(10), locked(10)));
});

describe('a locked account', () => {
  const past = [registered, ...failuresFrom(0, 10), locked(10)];

  it('records no failure until the lock ends', () => {
    given(...past)
      .when(recordFailure(11))
      .thenNothingHappened();
    given(...past)
      .when(recordFailure(3_609.999))
      .thenNothingHappened();
  });

  it('records failures from the millisecond in which the lock ends', () =>
    given(...past)
      .when(recordFailure(3_610))
      .then(failed(3_610)));

  it('is not locked again by failures before the end of the lock', () =>
    given(registered, ...failuresFrom(0, 9), failed(10), {
      type: 'UserLocked',
      data: { lockedAt: at(10), lockedUntil: at(20) },
    })
      .when(recordFailure(21))
      .then(failed(21)));

  it('is locked again after as many new failures', () =>
    given(...past, ...failuresFrom(3_610, 9))
      .when(recordFailure(3_620))
      .then(failed(3_620), locked(3_620)));
});

describe('an account attacked for a long time', () => {
  it('keeps only the latest fifty failures in its state', () => {
    const { state } = given(registered, ...failuresFrom(0, 60));
    expect(state).toMatchObject({
      failures: failuresFrom(10, 50).map(({ data }) => data.failedAt),
    });
  });

  it('keeps its password', () =>
    expect(given(registered, ...failuresFrom(0, 60), locked(60)).state).toMatchObject({
      status: 'active',
      passwordHash: hash,
    }));
});
