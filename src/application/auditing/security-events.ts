import type { EventType } from './shown-event-data.ts';

/** The events that the audit page shows to an operator without a search. */
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
