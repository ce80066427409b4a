import { describe, expect, it } from 'vitest';
import { fold } from '../../../src/domain/decider.ts';
import type { EraseUser } from '../../../src/domain/user/user-commands.ts';
import { userDecider } from '../../../src/domain/user/user-decider.ts';
import { pendingRegistered } from '../../support/events/account-fixtures.ts';
import { deactivated, erased } from '../../support/events/projected-event-fixtures.ts';
import { at } from '../../support/events/token-family-fixtures.ts';
import { hash, locked, registered } from '../../support/events/user-fixtures.ts';
import { specificationFor } from '../../support/kernel/given-when-then.ts';

const given = specificationFor(userDecider);
const erase = (granted: EraseUser['data']['granted']): EraseUser => ({
  type: 'EraseUser',
  data: { granted, now: at(99) },
});
const checkedHash = hash;

describe('an account', () => {
  it('is erased unconditionally by an administrator', () =>
    given(registered).when(erase(null)).then(erased));

  it('is erased by its user with the current password', () =>
    given(registered).when(erase({ checkedHash })).then(erased));

  it('is erased while it is locked', () =>
    given(registered, locked(12)).when(erase(null)).then(erased));

  it('is not erased when the password has changed meanwhile', () =>
    given(registered)
      .when(erase({ checkedHash: 'older' }))
      .thenRefused('credentials_changed'));

  it('is not erased as unverified once it is verified', () =>
    given(registered).when(erase('unverified')).thenNothingHappened());

  it('is erased once', () => given(registered, erased).when(erase(null)).thenNothingHappened());

  it('is not found when it does not exist', () =>
    given().when(erase(null)).thenRefused('user_not_found'));
});

describe('a deactivated account', () => {
  it('is erased by an administrator', () =>
    given(registered, deactivated).when(erase(null)).then(erased));

  it('is not erased by its user', () =>
    given(registered, deactivated).when(erase({ checkedHash })).thenRefused('user_deactivated'));
});

describe('a pending account', () => {
  it('is erased as unverified', () =>
    given(pendingRegistered).when(erase('unverified')).then(erased));
});

describe('an erased account', () => {
  it('has no state but its status', () =>
    expect(fold(userDecider, userDecider.initialState, [registered, erased])).toStrictEqual({
      status: 'erased',
    }));

  it('refuses every command', () =>
    given(registered, erased)
      .when({ type: 'UnlockUser', data: { now: at(100) } })
      .thenRefused('user_not_found'));
});
