import type { StreamId } from '../../../src/application/kernel/event-store.ts';
import type { ProjectedEvent } from '../../../src/application/projections/row-change.ts';
import type { HouseholdCreated } from '../../../src/domain/household/household-events.ts';
import type {
  DisplayNameChanged,
  EmailChanged,
  EmailChangeRequested,
  EmailVerificationRequested,
  EmailVerified,
  GuestUpgraded,
  GuestUpgradeRequested,
  LocaleChanged,
  PasswordChanged,
  PasswordRehashed,
  PasswordResetRequested,
  RoleChanged,
  TierChanged,
  UserDeactivated,
  UserErased,
  UserImported,
  UsernameChanged,
  UserReactivated,
  UserRegistered,
  UserUnlocked,
} from '../../../src/domain/user/user-events.ts';
import { flatEvents, flatStream } from './household-event-fixtures.ts';
import {
  accessTokenRevoked,
  at,
  laptop,
  replayed,
  revoked,
  rotated,
  START,
  span,
  started,
  stranger,
  switched,
  theftDetected,
} from './token-family-fixtures.ts';
import { failed, hash, issuedToken, locked, newerHash, registered } from './user-fixtures.ts';

export const userStream: StreamId = { category: 'user', id: 'user_ann' };
export const guestStream: StreamId = { category: 'user', id: 'user_guest' };
export const importedStream: StreamId = { category: 'user', id: 'user_cid' };
export const householdStream: StreamId = { category: 'household', id: 'hh_home' };
export const familyStream: StreamId = {
  category: 'tokenFamily',
  id: '01980a5c-1111-7222-8333-444444444444',
};

export const displayNameChanged: DisplayNameChanged = {
  type: 'DisplayNameChanged',
  data: { displayName: 'Anna', changedAt: at(10) },
};
export const usernameChanged: UsernameChanged = {
  type: 'UsernameChanged',
  data: { username: 'anna', previous: 'ann', changedAt: at(11) },
};
export const rehashed: PasswordRehashed = {
  type: 'PasswordRehashed',
  data: { passwordHash: newerHash, rehashedAt: at(12) },
};
export const deactivated: UserDeactivated = {
  type: 'UserDeactivated',
  data: { deactivatedAt: at(13) },
};
export const reactivated: UserReactivated = {
  type: 'UserReactivated',
  data: { reactivatedAt: at(14) },
};
export const erased: UserErased = { type: 'UserErased', data: { erasedAt: at(99) } };
export const verificationRequested: EmailVerificationRequested = {
  type: 'EmailVerificationRequested',
  data: { email: 'ann@example.com', token: issuedToken(1, at(86_400)), requestedAt: START },
};
export const emailVerified: EmailVerified = {
  type: 'EmailVerified',
  data: { email: 'ann@example.com', verifiedAt: at(5) },
};
export const emailChangeRequested: EmailChangeRequested = {
  type: 'EmailChangeRequested',
  data: { email: 'anna@example.com', token: issuedToken(2, at(86_415)), requestedAt: at(15) },
};
export const emailChanged: EmailChanged = {
  type: 'EmailChanged',
  data: {
    email: 'anna@example.com',
    previous: 'ann@example.com',
    undo: { number: 0, token: issuedToken(3, at(604_816)) },
    undoes: null,
    previousHeldUntil: at(604_816),
    changedAt: at(16),
  },
};
export const emailChangeUndone: EmailChanged = {
  type: 'EmailChanged',
  data: {
    email: 'ann@example.com',
    previous: 'anna@example.com',
    undo: null,
    undoes: 0,
    previousHeldUntil: null,
    changedAt: at(17),
  },
};
export const localeChanged: LocaleChanged = {
  type: 'LocaleChanged',
  data: { locale: 'de', changedAt: at(18) },
};
export const resetRequested: PasswordResetRequested = {
  type: 'PasswordResetRequested',
  data: { email: 'ann@example.com', token: issuedToken(4, at(3_619)), requestedAt: at(19) },
};
export const passwordChanged: PasswordChanged = {
  type: 'PasswordChanged',
  data: { passwordHash: hash, reason: 'reset', changedAt: at(20) },
};
export const unlocked: UserUnlocked = {
  type: 'UserUnlocked',
  data: { reason: 'password_reset', unlockedAt: at(20) },
};
export const roleChanged: RoleChanged = {
  type: 'RoleChanged',
  data: { role: 'admin', previous: 'user', changedAt: at(21) },
};
export const tierChanged: TierChanged = {
  type: 'TierChanged',
  data: { tier: 'member', previous: 'free', changedAt: at(22) },
};
export const guestRegistered: UserRegistered = {
  type: 'UserRegistered',
  data: {
    ...registered.data,
    email: null,
    username: null,
    displayName: 'Guest',
    passwordHash: null,
    householdId: 'hh_guest',
    tier: 'anonymous',
  },
};
export const upgradeRequested: GuestUpgradeRequested = {
  type: 'GuestUpgradeRequested',
  data: {
    email: 'ann@example.com',
    username: 'ann',
    displayName: 'Ann',
    passwordHash: hash,
    requestedAt: at(30),
  },
};
export const upgraded: GuestUpgraded = {
  type: 'GuestUpgraded',
  data: {
    email: 'ann@example.com',
    displayName: 'Ann',
    passwordHash: hash,
    upgradedAt: at(31),
  },
};
export const imported: UserImported = {
  type: 'UserImported',
  data: {
    email: 'ann@example.com',
    emailVerified: true,
    username: 'ann',
    displayName: 'Ann',
    passwordHash: hash,
    householdId: 'hh_cid',
    role: 'user',
    tier: 'member',
    locale: 'de',
    active: true,
    provenance: { source: 'older-system', id: '42', checksum: 'c3'.repeat(32) },
    createdAt: '2020-02-29T08:00:00.000Z',
    importedAt: at(40),
  },
};
export const householdCreated: HouseholdCreated = {
  type: 'HouseholdCreated',
  data: { name: 'Ann and Ben', ownerId: 'user_ann', home: true, createdAt: START },
};
export const theft = theftDetected(
  {
    cause: 'other_client',
    presented: 0,
    current: 1,
    ageSeconds: 5,
    presenter: stranger,
    holder: laptop,
  },
  65,
);

const on = (stream: StreamId, ...events: readonly ProjectedEvent['event'][]): ProjectedEvent[] =>
  events.map((event) => ({ stream, event }));

/** An event of every type, in a possible order. */
export const everyEvent: readonly ProjectedEvent[] = [
  ...on(userStream, registered),
  ...on(householdStream, householdCreated),
  ...on(
    userStream,
    verificationRequested,
    emailVerified,
    displayNameChanged,
    usernameChanged,
    rehashed,
    failed(12),
    locked(12),
    deactivated,
    reactivated,
    erased,
    emailChangeRequested,
    emailChanged,
    emailChangeUndone,
    localeChanged,
    resetRequested,
    passwordChanged,
    unlocked,
    roleChanged,
    tierChanged,
  ),
  ...on(guestStream, guestRegistered, upgradeRequested, upgraded),
  ...on(importedStream, imported),
  ...on(flatStream, ...flatEvents),
  ...on(
    familyStream,
    started,
    rotated(1, 60),
    replayed(1, 61),
    accessTokenRevoked(0, 0, 62),
    switched('hh_flat', 63, { accessTokens: [span(0, 2, 61)], ordinal: 3 }),
    theft,
    revoked('theft', 65, [span(0, 1, 60)]),
  ),
];
