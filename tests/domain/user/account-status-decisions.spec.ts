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

describe('a command that changes an account', () => {
  it.each<[UserCommand, UserEvent, object]>([
    [changeLocale('de'), localeChanged, { locale: 'de' }],
    [changeRole('admin'), roleChanged, { role: 'admin' }],
    [changeTier('member'), tierChanged, { tier: 'member' }],
  ])('stores the change: %o', (command, event, change) => {
    given(registered).when(command).then(event);
    expect(given(registered, event).state).toStrictEqual({ ...given(registered).state, ...change });
    given(registered, event).when(command).thenNothingHappened();
  });

  it('changes a deactivated account too', () =>
    given(registered, deactivated).when(changeRole('admin')).then(roleChanged));

  it('records the previous value', () =>
    given(registered, roleChanged)
      .when(changeRole('user'))
      .then({ type: 'RoleChanged', data: { role: 'user', previous: 'admin', changedAt: at(60) } }));
});

describe('an account without a sign-in', () => {
  it.each([
    ['a guest’s', guestRegistered],
    ['a pending one', pendingRegistered],
  ])('cannot become an administrator or change its tier: %s', (_, first) => {
    given(first).when(changeRole('admin')).thenRefused('account_incomplete');
    given(first).when(changeTier('member')).thenRefused('account_incomplete');
  });

  it('stores no event for the role and tier that it has', () => {
    given(guestRegistered).when(changeTier('anonymous')).thenNothingHappened();
    given(guestRegistered).when(changeRole('user')).thenNothingHappened();
  });

  it('can lose the role of an administrator', () => {
    const past = [
      { ...guestRegistered, data: { ...guestRegistered.data, role: 'admin' as const } },
    ];
    given(...past)
      .when(changeRole('user'))
      .then({ type: 'RoleChanged', data: { role: 'user', previous: 'admin', changedAt: at(60) } });
  });
});

describe('a command that would change nothing', () => {
  it.each([changeLocale('en'), changeRole('user'), changeTier('free'), unlock(60)])(
    'stores no event: $type',
    (command) => given(registered).when(command).thenNothingHappened(),
  );
});

describe('an account unlocked by an administrator', () => {
  const past = [registered, ...failuresFrom(0, 10), locked(10)];

  it('is no longer locked', () => {
    given(...past)
      .when(unlock(3_609.999))
      .then(unlocked(3_609.999));
    expect(given(...past, unlocked(60)).state).toStrictEqual(given(registered).state);
  });

  it('counts failures from zero again', () =>
    given(...past, unlocked(60), ...failuresFrom(61, 8))
      .when(recordFailure(80))
      .then(failed(80)));

  it('stores no event when the lock has ended', () =>
    given(...past)
      .when(unlock(3_610))
      .thenNothingHappened());

  it('is unlocked once', () =>
    given(...past, unlocked(60))
      .when(unlock(61))
      .thenNothingHappened());
});
