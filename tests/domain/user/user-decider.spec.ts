import { describe, expect, it } from 'vitest';
import type { UserCommand } from '../../../src/domain/user/user-commands.ts';
import { userDecider } from '../../../src/domain/user/user-decider.ts';
import type { UserEvent } from '../../../src/domain/user/user-events.ts';
import { at, START } from '../../support/events/token-family-fixtures.ts';
import {
  hash,
  newerHash,
  recordFailure,
  register,
  registered,
} from '../../support/events/user-fixtures.ts';
import { specificationFor } from '../../support/kernel/given-when-then.ts';

const given = specificationFor(userDecider);

const changeDisplayName = (displayName: string): UserCommand => ({
  type: 'ChangeDisplayName',
  data: { displayName, now: at(60) },
});
const displayNameChanged = (displayName: string): UserEvent => ({
  type: 'DisplayNameChanged',
  data: { displayName, changedAt: at(60) },
});
const changeUsername = (username: string): UserCommand => ({
  type: 'ChangeUsername',
  data: { username, now: at(60) },
});
const usernameChanged = (username: string, previous: string | null): UserEvent => ({
  type: 'UsernameChanged',
  data: { username, previous, changedAt: at(60) },
});
const rehash = (checkedHash: string): UserCommand => ({
  type: 'RehashPassword',
  data: { checkedHash, passwordHash: newerHash, now: at(60) },
});
const rehashed: UserEvent = {
  type: 'PasswordRehashed',
  data: { passwordHash: newerHash, rehashedAt: at(60) },
};
const deactivate: UserCommand = { type: 'DeactivateUser', data: { now: at(60) } };
const deactivated: UserEvent = { type: 'UserDeactivated', data: { deactivatedAt: at(60) } };
const reactivate: UserCommand = { type: 'ReactivateUser', data: { now: at(90) } };
const reactivated: UserEvent = { type: 'UserReactivated', data: { reactivatedAt: at(90) } };

describe('an account that does not exist', () => {
  it('is registered', () => given().when(register).then(registered));

  it('is registered without address, username or password', () => {
    const bare = { email: null, username: null, passwordHash: null, tier: 'anonymous' } as const;
    given()
      .when({ ...register, data: { ...register.data, ...bare } })
      .then({ ...registered, data: { ...registered.data, ...bare } });
  });

  it.each<UserCommand>([
    changeDisplayName('Anna'),
    changeUsername('anna'),
    recordFailure(60),
    rehash(hash),
    deactivate,
    reactivate,
  ])('refuses to $type', (command) => given().when(command).thenRefused('user_not_found'));

  it('remains unregistered whatever other event follows', () =>
    expect(given(deactivated, usernameChanged('anna', null)).state).toStrictEqual({
      status: 'unregistered',
    }));
});

describe('a registered account', () => {
  it('is active, unlocked and without failures', () =>
    expect(given(registered).state).toStrictEqual({
      status: 'active',
      email: 'ann@example.com',
      username: 'ann',
      displayName: 'Ann',
      passwordHash: hash,
      householdId: 'hh_home',
      role: 'user',
      tier: 'free',
      locale: 'en',
      emailVerified: false,
      pending: null,
      upgrade: null,
      newEmail: null,
      tokens: {},
      undos: [],
      emailChanges: 0,
      failures: [],
      lockedUntil: null,
    }));

  it('is not registered again', () => given(registered).when(register).thenRefused('user_exists'));

  it('gets another display name', () =>
    given(registered).when(changeDisplayName('Anna')).then(displayNameChanged('Anna')));

  it('stores no event for the same display name', () => {
    given(registered).when(changeDisplayName('Ann')).thenNothingHappened();
    given(registered, displayNameChanged('Anna'))
      .when(changeDisplayName('Anna'))
      .thenNothingHappened();
  });

  it('gets a display name that differs only in case', () =>
    given(registered).when(changeDisplayName('ANN')).then(displayNameChanged('ANN')));

  it('gets another username and records the one that becomes available', () => {
    given(registered).when(changeUsername('anna')).then(usernameChanged('anna', 'ann'));
    given(registered, usernameChanged('anna', 'ann'))
      .when(changeUsername('ann'))
      .then(usernameChanged('ann', 'anna'));
  });

  it('records no previous username with its first one', () =>
    given({ ...registered, data: { ...registered.data, username: null } })
      .when(changeUsername('ann'))
      .then(usernameChanged('ann', null)));

  it('stores no event for the same username', () =>
    given(registered).when(changeUsername('ann')).thenNothingHappened());
});

describe('a rehash of a password', () => {
  it('replaces the hash that was verified', () =>
    given(registered).when(rehash(hash)).then(rehashed));

  it('does not replace a hash stored meanwhile', () =>
    given(registered, rehashed).when(rehash(hash)).thenNothingHappened());

  it('gives no password to an account without one', () =>
    given({ ...registered, data: { ...registered.data, passwordHash: null } })
      .when(rehash(hash))
      .thenNothingHappened());
});

describe('a deactivated account', () => {
  it('is deactivated once', () => {
    given(registered).when(deactivate).then(deactivated);
    given(registered, deactivated).when(deactivate).thenNothingHappened();
  });

  it('is reactivated once', () => {
    given(registered, deactivated).when(reactivate).then(reactivated);
    given(registered, deactivated, reactivated).when(reactivate).thenNothingHappened();
    given(registered).when(reactivate).thenNothingHappened();
  });

  it('can be deactivated again after a reactivation', () =>
    given(registered, deactivated, reactivated).when(deactivate).then(deactivated));

  it('keeps all values but its status', () =>
    expect(given(registered, deactivated).state).toStrictEqual({
      ...given(registered).state,
      status: 'deactivated',
    }));

  it('is not registered again', () =>
    given(registered, deactivated)
      .when({ ...register, data: { ...register.data, now: START } })
      .thenRefused('user_exists'));
});
