import { describe, expect, it } from 'vitest';
import type { UserCommand } from '../../../src/domain/user/user-commands.ts';
import { userDecider } from '../../../src/domain/user/user-decider.ts';
import type { UserEvent } from '../../../src/domain/user/user-events.ts';
import {
  deactivated,
  guestRegistered,
  pendingRegistered,
} from '../../support/events/account-fixtures.ts';
import { at } from '../../support/events/token-family-fixtures.ts';
import {
  failed,
  failuresFrom,
  locked,
  recordFailure,
  registered,
} from '../../support/events/user-fixtures.ts';
import { specificationFor } from '../../support/kernel/given-when-then.ts';

const given = specificationFor(userDecider);

const changeLocale = (locale: string): UserCommand => ({
  type: 'ChangeLocale',
  data: { locale, now: at(60) },
});
const changeRole = (role: 'user' | 'admin'): UserCommand => ({
  type: 'ChangeRole',
  data: { role, now: at(60) },
});
const changeTier = (tier: 'anonymous' | 'free' | 'member'): UserCommand => ({
  type: 'ChangeTier',
  data: { tier, now: at(60) },
});
const localeChanged: UserEvent = {
  type: 'LocaleChanged',
  data: { locale: 'de', changedAt: at(60) },
};
const roleChanged: UserEvent = {
  type: 'RoleChanged',
  data: { role: 'admin', previous: 'user', changedAt: at(60) },
};
const tierChanged: UserEvent = {
  type: 'TierChanged',
  data: { tier: 'member', previous: 'free', changedAt: at(60) },
};
const unlock = (seconds: number): UserCommand => ({
  type: 'UnlockUser',
  data: { now: at(seconds) },
});
const unlocked = (seconds: number): UserEvent => ({
  type: 'UserUnlocked',
  data: { reason: 'admin', unlockedAt: at(seconds) },
});

describe('when an account is to be otherwise than it is', () => {
  it.each<[UserCommand, UserEvent, object]>([
    [changeLocale('de'), localeChanged, { locale: 'de' }],
    [changeRole('admin'), roleChanged, { role: 'admin' }],
    [changeTier('member'), tierChanged, { tier: 'member' }],
  ])('changes: %o', (command, event, change) => {
    given(registered).when(command).then(event);
    expect(given(registered, event).state).toStrictEqual({ ...given(registered).state, ...change });
    given(registered, event).when(command).thenNothingHappened();
  });

  it('changes for a deactivated account as well', () =>
    given(registered, deactivated).when(changeRole('admin')).then(roleChanged));

  it('says what it was before', () =>
    given(registered, roleChanged)
      .when(changeRole('user'))
      .then({ type: 'RoleChanged', data: { role: 'user', previous: 'admin', changedAt: at(60) } }));
});

describe('when nobody can sign in to an account yet', () => {
  it.each([
    ['a guest’s', guestRegistered],
    ['one that waits for a proof', pendingRegistered],
  ])('makes no administrator of it, and leaves its tier: %s', (_, first) => {
    given(first).when(changeRole('admin')).thenRefused('account_incomplete');
    given(first).when(changeTier('member')).thenRefused('account_incomplete');
  });

  it('stores nothing where it is so already', () => {
    given(guestRegistered).when(changeTier('anonymous')).thenNothingHappened();
    given(guestRegistered).when(changeRole('user')).thenNothingHappened();
  });

  it('takes the role back', () => {
    const past = [
      { ...guestRegistered, data: { ...guestRegistered.data, role: 'admin' as const } },
    ];
    given(...past)
      .when(changeRole('user'))
      .then({ type: 'RoleChanged', data: { role: 'user', previous: 'admin', changedAt: at(60) } });
  });
});

describe('when an account is as it should be', () => {
  it.each([changeLocale('en'), changeRole('user'), changeTier('free'), unlock(60)])(
    'stores nothing: $type',
    (command) => given(registered).when(command).thenNothingHappened(),
  );
});

describe('when an administrator unlocks an account', () => {
  const past = [registered, ...failuresFrom(0, 10), locked(10)];

  it('ends the lock', () => {
    given(...past)
      .when(unlock(3_609.999))
      .then(unlocked(3_609.999));
    expect(given(...past, unlocked(60)).state).toStrictEqual(given(registered).state);
  });

  it('counts failures from zero again', () =>
    given(...past, unlocked(60), ...failuresFrom(61, 8))
      .when(recordFailure(80))
      .then(failed(80)));

  it('has no lock to end that is over', () =>
    given(...past)
      .when(unlock(3_610))
      .thenNothingHappened());

  it('does it once', () =>
    given(...past, unlocked(60))
      .when(unlock(61))
      .thenNothingHappened());
});
