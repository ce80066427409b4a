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

describe('when a password was wrong', () => {
  it('records the failure', () => given(registered).when(recordFailure(10)).then(failed(10)));

  it('records the ninth failure without locking', () =>
    given(registered, ...failuresFrom(0, 8))
      .when(recordFailure(10))
      .then(failed(10)));

  it('locks the account with the tenth', () =>
    given(registered, ...failuresFrom(0, 9))
      .when(recordFailure(10))
      .then(failed(10), locked(10)));

  it('locks at once where one failure is the limit', () =>
    given(registered)
      .when(recordFailure(10, { policy: { ...lockout, maxFailures: 1 } }))
      .then(failed(10), locked(10)));

  it('records nothing when the password was changed since it was compared', () =>
    given(registered, rehashed).when(recordFailure(10)).thenNothingHappened());

  it('records a failure against the changed password', () =>
    given(registered, rehashed)
      .when(recordFailure(10, { checkedHash: newerHash }))
      .then(failed(10)));

  it('records nothing for an account without a password', () =>
    given({ ...registered, data: { ...registered.data, passwordHash: null } })
      .when(recordFailure(10))
      .thenNothingHappened());

  it('counts for a deactivated account as well', () =>
    given(registered, deactivated, ...failuresFrom(0, 9))
      .when(recordFailure(10))
      .then(failed(10), locked(10)));
});

describe('when failures are spread over time', () => {
  it('counts one that is exactly as old as the window', () =>
    given(registered, ...failures(0, 1, 2, 3, 4, 5, 6, 7, 8))
      .when(recordFailure(900))
      .then(failed(900), locked(900)));

  it('forgets one that is a millisecond older', () =>
    given(registered, ...failures(0, 1, 2, 3, 4, 5, 6, 7, 8))
      .when(recordFailure(900.001))
      .then(failed(900.001)));

  it('is not reset by a change of name', () =>
    given(
      registered,
      ...failuresFrom(0, 5),
      { type: 'DisplayNameChanged', data: { displayName: 'Anna', changedAt: at(6) } },
      ...failuresFrom(6, 4),
    )
      .when(recordFailure(10))
      .then(failed(10), locked(10)));
});

describe('when an account is locked', () => {
  const past = [registered, ...failuresFrom(0, 10), locked(10)];

  it('records nothing until the lock ends', () => {
    given(...past)
      .when(recordFailure(11))
      .thenNothingHappened();
    given(...past)
      .when(recordFailure(3_609.999))
      .thenNothingHappened();
  });

  it('records again from the millisecond it ends', () =>
    given(...past)
      .when(recordFailure(3_610))
      .then(failed(3_610)));

  it('is not locked again by failures that have been paid for', () =>
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

describe('when an account is attacked for a long time', () => {
  it('remembers no more than fifty failures, the latest', () => {
    const { state } = given(registered, ...failuresFrom(0, 60));
    expect(state).toMatchObject({
      failures: failuresFrom(10, 50).map(({ data }) => data.failedAt),
    });
  });

  it('still has its password', () =>
    expect(given(registered, ...failuresFrom(0, 60), locked(60)).state).toMatchObject({
      status: 'active',
      passwordHash: hash,
    }));
});
