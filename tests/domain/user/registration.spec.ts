import { describe, expect, it } from 'vitest';
import type { ImportUser, RegisterUser } from '../../../src/domain/user/user-commands.ts';
import { userDecider } from '../../../src/domain/user/user-decider.ts';
import type { UserImported } from '../../../src/domain/user/user-events.ts';
import {
  ANN,
  guestRegistered,
  pendingRegistered,
  verificationRequested,
  verified,
} from '../../support/events/account-fixtures.ts';
import { at, START } from '../../support/events/token-family-fixtures.ts';
import { hash, issuedToken, register, registered } from '../../support/events/user-fixtures.ts';
import { specificationFor } from '../../support/kernel/given-when-then.ts';

const given = specificationFor(userDecider);

const registerWith = (data: Partial<RegisterUser['data']>): RegisterUser => ({
  ...register,
  data: { ...register.data, ...data },
});

const account = {
  email: ANN,
  emailVerified: true,
  username: 'ann',
  displayName: 'Ann',
  passwordHash: '$2b$10$abcdefghijklmnopqrstuv',
  householdId: 'hh_home',
  role: 'admin',
  tier: 'member',
  locale: 'de',
} as const;
const provenance = { source: 'older-system', id: '42', checksum: 'c3'.repeat(32) };
const createdAt = '2020-02-29T08:00:00.000Z';
const importUser = (active: boolean): ImportUser => ({
  type: 'ImportUser',
  data: { ...account, active, provenance, createdAt, now: START },
});
const imported = (active: boolean): UserImported => ({
  type: 'UserImported',
  data: { ...account, active, provenance, createdAt, importedAt: START },
});

describe('a registration', () => {
  it('requests verification of the address with the given token', () =>
    given()
      .when(registerWith({ verification: issuedToken(1, at(86_400)) }))
      .then(registered, verificationRequested(1)));

  it('verifies the address when the caller guarantees it', () =>
    given()
      .when(registerWith({ verification: 'verified' }))
      .then(registered, verified(0)));

  it.each([issuedToken(1, at(86_400)), 'verified', null] as const)(
    'requests no verification without an address',
    (verification) =>
      given()
        .when(registerWith({ email: null, verification }))
        .then({ ...registered, data: { ...registered.data, email: null } }),
  );

  it('is pending when the address must be verified first', () =>
    given()
      .when(registerWith({ pending: true, verification: issuedToken(1, at(86_400)) }))
      .then(pendingRegistered, verificationRequested(1)));
});

describe('a pending account', () => {
  it('has neither address nor username', () =>
    expect(given(pendingRegistered).state).toStrictEqual({
      ...given(registered).state,
      email: null,
      username: null,
      pending: { email: ANN, username: 'ann' },
    }));

  it('is not pending without an address', () =>
    expect(
      given({ ...guestRegistered, data: { ...guestRegistered.data, pending: true } }).state,
    ).toStrictEqual(given(guestRegistered).state));

  it('has only the latest verification token', () => {
    expect(given(pendingRegistered, verificationRequested(1)).state).toMatchObject({
      tokens: { email_verification: issuedToken(1, at(86_400)) },
    });
    expect(
      given(pendingRegistered, verificationRequested(1), verificationRequested(2, 60)).state,
    ).toMatchObject({ tokens: { email_verification: issuedToken(2, at(86_460)) } });
  });
});

describe('an account imported from another system', () => {
  it.each([true, false])('keeps its values, active or not: %s', (active) =>
    given().when(importUser(active)).then(imported(active)),
  );

  it('has the state of any other account, without its origin', () => {
    expect(given(imported(true)).state).toStrictEqual({
      ...given(registered).state,
      ...account,
      status: 'active',
    });
    expect(given(imported(false)).state).toMatchObject({ status: 'deactivated' });
  });

  it('is imported once', () => {
    given(imported(true)).when(importUser(true)).thenRefused('user_exists');
    given(registered).when(importUser(true)).thenRefused('user_exists');
    given(imported(true)).when(register).thenRefused('user_exists');
  });

  it('keeps its password hash', () =>
    expect(given(imported(true)).state).not.toMatchObject({ passwordHash: hash }));
});
