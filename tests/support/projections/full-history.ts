import type { Step } from './random-history.ts';

const DAY = 86_400;

/** Users 0 to 2 are registered, 3 and 4 pending, 6 is adopted, 5 and 7 are guests. */
const allAboutAccounts: readonly Step[] = [
  { kind: 'registerPending', address: 0 },
  { kind: 'registerPending', address: 1 },
  { kind: 'startAsGuest' },
  { kind: 'adopt' },
  { kind: 'startAsGuest' },
  { kind: 'revokeAccessToken', session: 4 },
  { kind: 'requestVerification', user: 3 },
  { kind: 'useLink', user: 3, link: 'email_verification' },
  { kind: 'changeLocale', user: 3, locale: 'de' },
  { kind: 'signIn', user: 3, rightPassword: true },
  { kind: 'changePassword', user: 3, name: 0 },
  { kind: 'upgrade', user: 5, address: 1, verifyFirst: true },
  // Both requested the same address: the first to verify it gets it.
  {
    kind: 'atOnce',
    actions: [
      { kind: 'useLink', user: 5, link: 'email_verification' },
      { kind: 'useLink', user: 4, link: 'email_verification' },
    ],
  },
  { kind: 'upgrade', user: 7, address: 2, verifyFirst: false },
  { kind: 'signIn', user: 6, rightPassword: true },
  { kind: 'requestEmailChange', user: 6, address: 3 },
  { kind: 'useLink', user: 6, link: 'email_change' },
  { kind: 'useLink', user: 6, link: 'email_change_undo' },
  { kind: 'failOften', user: 6, times: 11 },
  { kind: 'resetPassword', user: 6, name: 0 },
  { kind: 'failOften', user: 6, times: 11 },
  { kind: 'unlock', user: 6 },
  { kind: 'requestReset', user: 6 },
  { kind: 'resetPassword', user: 6, name: 1 },
  { kind: 'changeRole', user: 6, role: 'admin' },
  { kind: 'changeTier', user: 6, tier: 'free' },
];

/**
 * Users 8, 9 and 10 are adopted with verified addresses. Household 0 is the default of all users.
 */
const allAboutHouseholds: readonly Step[] = [
  { kind: 'adopt' },
  { kind: 'adopt' },
  { kind: 'adopt' },
  { kind: 'signIn', user: 8, rightPassword: true },
  { kind: 'signIn', user: 9, rightPassword: true },
  { kind: 'wait', seconds: 1 },
  { kind: 'createHousehold', user: 8, household: 0 },
  { kind: 'renameHousehold', user: 8, household: 1, name: 0 },
  { kind: 'invite', user: 8, household: 1, guest: 9, role: 'member' },
  { kind: 'wait', seconds: 90 },
  { kind: 'resendInvitation', user: 8, household: 1 },
  // Whichever comes late, one member is added.
  {
    kind: 'atOnce',
    actions: [
      { kind: 'acceptInvitation', user: 9, household: 0 },
      { kind: 'acceptInvitation', user: 9, household: 0 },
    ],
  },
  { kind: 'switchHousehold', user: 8, household: 1, refresh: false },
  { kind: 'switchHousehold', user: 9, household: 1, refresh: true },
  { kind: 'changeMemberRole', user: 8, household: 1, member: 1, role: 'admin' },
  { kind: 'invite', user: 9, household: 1, guest: 10, role: 'admin' },
  { kind: 'declineInvitation', user: 10, household: 0 },
  { kind: 'invite', user: 9, household: 1, guest: 10, role: 'viewer' },
  { kind: 'changeMemberRole', user: 8, household: 1, member: 1, role: 'member' },
  { kind: 'invite', user: 8, household: 1, guest: 10, role: 'viewer' },
  { kind: 'revokeInvitation', user: 8, household: 1 },
  { kind: 'wait', seconds: 1 },
  { kind: 'takeIn', user: 8, household: 1, guest: 10, role: 'viewer' },
  {
    kind: 'atOnce',
    actions: [
      { kind: 'transferOwnership', user: 8, household: 1, member: 1 },
      { kind: 'transferOwnership', user: 8, household: 1, member: 1 },
    ],
  },
  { kind: 'removeMember', user: 8, household: 1, member: 0 },
  { kind: 'invite', user: 9, household: 1, guest: 8, role: 'member' },
  { kind: 'deleteHousehold', user: 9, household: 1 },
];

/** User 8 leaves a household to user 9; the household of user 10 is deleted. */
const allAboutErasure: readonly Step[] = [
  { kind: 'createHousehold', user: 8, household: 0 },
  { kind: 'takeIn', user: 8, household: 1, guest: 9, role: 'viewer' },
  { kind: 'switchHousehold', user: 8, household: 1, refresh: true },
  { kind: 'invite', user: 8, household: 1, guest: 10, role: 'member' },
  { kind: 'changeUsername', user: 8, name: 2 },
  { kind: 'erase', user: 8 },
  {
    kind: 'atOnce',
    actions: [
      { kind: 'erase', user: 10 },
      { kind: 'signIn', user: 10, rightPassword: true },
      { kind: 'createHousehold', user: 10, household: 0 },
      { kind: 'changeDisplayName', user: 10, name: 1 },
    ],
  },
  { kind: 'erase', user: 4 },
];

/** A history with every event type. */
export const fullHistory: readonly Step[] = [
  { kind: 'register' },
  { kind: 'register' },
  { kind: 'changeDisplayName', user: 0, name: 1 },
  { kind: 'changeUsername', user: 0, name: 0 },
  {
    kind: 'atOnce',
    actions: [
      { kind: 'changeUsername', user: 0, name: 1 },
      { kind: 'changeUsername', user: 1, name: 0 },
      { kind: 'changeUsername', user: 1, name: 1 },
      { kind: 'refresh', session: 0 },
    ],
  },
  { kind: 'rehash', user: 1 },
  { kind: 'signIn', user: 0, rightPassword: true },
  { kind: 'signIn', user: 0, rightPassword: false },
  { kind: 'refresh', session: 1 },
  { kind: 'wait', seconds: 1 },
  { kind: 'replay', session: 1 },
  { kind: 'wait', seconds: 90 },
  { kind: 'refresh', session: 1 },
  { kind: 'steal', session: 1 },
  { kind: 'failOften', user: 1, times: 11 },
  { kind: 'wait', seconds: 31 * DAY },
  { kind: 'register' },
  { kind: 'refresh', session: 3 },
  { kind: 'signOut', session: 0 },
  { kind: 'signOutEverywhere', user: 0 },
  { kind: 'deactivate', user: 2 },
  { kind: 'reactivate', user: 2 },
  ...allAboutAccounts,
  ...allAboutHouseholds,
  ...allAboutErasure,
];
