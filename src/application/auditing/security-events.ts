import type { EventType } from './shown-event-data.ts';

/** What somebody who looks after an installation wants to know of without asking. */
export const securityEvents: readonly EventType[] = [
  'SignInFailed',
  'UserLocked',
  'UserUnlocked',
  'PasswordResetRequested',
  'PasswordChanged',
  'EmailChanged',
  'RoleChanged',
  'UserDeactivated',
  'UserReactivated',
  'UserErased',
  'TokenTheftDetected',
  'AccessTokenRevoked',
  'OwnershipTransferred',
];
