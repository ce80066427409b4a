import type { Step } from './random-history.ts';

const DAY = 86_400;

/** Persons 0 to 2 have registered; 3 and 4 are pending, 5 is a guest, 6 adopted, 7 another guest. */
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
  // Both were promised the same address: the first to prove it has it.
  {
    kind: 'atOnce',
    deeds: [
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

/** Everything that can happen, happens. */
export const fullHistory: readonly Step[] = [
  { kind: 'register' },
  { kind: 'register' },
  { kind: 'changeDisplayName', user: 0, name: 1 },
  { kind: 'changeUsername', user: 0, name: 0 },
  {
    kind: 'atOnce',
    deeds: [
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
];
