import type { HouseholdEvent } from '../../domain/household/household-events.ts';
import type { TokenFamilyEvent } from '../../domain/token-family/token-family-events.ts';
import type { UserEvent } from '../../domain/user/user-events.ts';

export type AnyEvent = UserEvent | HouseholdEvent | TokenFamilyEvent;
export type EventType = AnyEvent['type'];

type MembersByType = {
  readonly [Type in EventType]: readonly (keyof Extract<AnyEvent, { type: Type }>['data'])[];
};

/**
 * The members of each event that administrators may read: no personal data, nothing that a token
 * could be made or recognised by, no texts of users. A new event does not compile without an entry.
 */
const shownMembers: MembersByType = {
  UserRegistered: ['householdId', 'role', 'tier', 'locale', 'pending', 'registeredAt'],
  UserImported: [
    'emailVerified',
    'householdId',
    'role',
    'tier',
    'locale',
    'active',
    'createdAt',
    'importedAt',
  ],
  EmailVerificationRequested: ['requestedAt'],
  EmailVerified: ['verifiedAt'],
  EmailChangeRequested: ['requestedAt'],
  EmailChanged: ['undoes', 'changedAt'],
  DisplayNameChanged: ['changedAt'],
  UsernameChanged: ['changedAt'],
  LocaleChanged: ['locale', 'changedAt'],
  PasswordResetRequested: ['requestedAt'],
  PasswordChanged: ['reason', 'changedAt'],
  PasswordRehashed: ['rehashedAt'],
  SignInFailed: ['failedAt'],
  UserLocked: ['lockedAt', 'lockedUntil'],
  UserUnlocked: ['reason', 'unlockedAt'],
  RoleChanged: ['role', 'previous', 'changedAt'],
  TierChanged: ['tier', 'previous', 'changedAt'],
  UserDeactivated: ['deactivatedAt'],
  UserReactivated: ['reactivatedAt'],
  UserErased: ['erasedAt'],
  GuestUpgradeRequested: ['requestedAt'],
  GuestUpgraded: ['upgradedAt'],
  HouseholdCreated: ['ownerId', 'home', 'createdAt'],
  HouseholdRenamed: ['renamedBy', 'renamedAt'],
  MemberInvited: ['invitationId', 'role', 'mailed', 'invitedBy', 'invitedAt'],
  InvitationResent: ['invitationId', 'mailed', 'resentBy', 'resentAt'],
  InvitationAccepted: ['invitationId', 'userId', 'acceptedAt'],
  InvitationDeclined: ['invitationId', 'declinedAt'],
  InvitationRevoked: ['invitationId', 'reason', 'revokedAt'],
  MemberAdded: ['userId', 'role', 'home', 'invitationId', 'addedAt'],
  MemberRoleChanged: ['userId', 'role', 'previous', 'changedAt'],
  MemberRemoved: ['userId', 'reason', 'removedAt'],
  OwnershipTransferred: ['from', 'to', 'transferredAt'],
  HouseholdDeleted: ['deletedBy', 'deletedAt'],
  TokenFamilyStarted: [
    'userId',
    'householdId',
    'accessToken',
    'expiresAt',
    'absoluteExpiresAt',
    'startedAt',
  ],
  RefreshTokenRotated: [
    'userId',
    'householdId',
    'generation',
    'accessToken',
    'expiresAt',
    'rotatedAt',
  ],
  RefreshTokenReplayed: ['generation', 'accessToken', 'policy', 'replayedAt'],
  TokenTheftDetected: [
    'userId',
    'cause',
    'presentedGeneration',
    'currentGeneration',
    'ageSeconds',
    'policy',
    'detectedAt',
  ],
  ActiveHouseholdSwitched: [
    'userId',
    'householdId',
    'previous',
    'cause',
    'accessTokens',
    'accessToken',
    'switchedAt',
  ],
  AccessTokenRevoked: ['userId', 'accessToken', 'revokedAt'],
  TokenFamilyRevoked: ['userId', 'reason', 'accessTokens', 'revokedAt'],
};

/** Every event type. */
export const eventTypes = Object.keys(shownMembers) as readonly EventType[];

type Data = Readonly<Record<string, unknown>>;

/** The members of stored `data` that may be shown; none of an unknown type. */
export const shownEventData = (type: string, data: Data): Data => {
  const members: readonly string[] = eventTypes.includes(type as EventType)
    ? shownMembers[type as EventType]
    : [];
  return Object.fromEntries(
    members.flatMap((member) => (Object.hasOwn(data, member) ? [[member, data[member]]] : [])),
  );
};
