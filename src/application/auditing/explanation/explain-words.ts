import type { HouseholdEvent } from '../../../domain/household/household-events.ts';
import type { TokenFamilyEvent } from '../../../domain/token-family/token-family-events.ts';
import type { UserEvent } from '../../../domain/user/user-events.ts';

// What happened, in a few words that hold neither secrets nor personal data.

export const wordsOfUserEvent = ({ type, data }: UserEvent): string => {
  switch (type) {
    case 'UserRegistered':
      return data.pending
        ? 'signed up; the address is to be proven first'
        : `registered as ${data.role}, tier ${data.tier}`;
    case 'UserImported':
      return `taken over from an older system as ${data.role}, tier ${data.tier}${data.active ? '' : ', deactivated'}`;
    case 'EmailVerificationRequested':
      return `a link to prove the address was made, good until ${data.token.expiresAt}`;
    case 'EmailVerified':
      return 'the address was proven';
    case 'EmailChangeRequested':
      return 'another address was asked for';
    case 'EmailChanged':
      return data.undoes === null
        ? 'the address was changed'
        : 'a change of the address was taken back';
    case 'DisplayNameChanged':
      return 'the display name was changed';
    case 'UsernameChanged':
      return 'the username was changed';
    case 'LocaleChanged':
      return `the language was changed to ${data.locale}`;
    case 'PasswordResetRequested':
      return `a link for a new password was made, good until ${data.token.expiresAt}`;
    case 'PasswordChanged':
      return data.passwordHash === null
        ? 'the password was made void'
        : `the password was changed (${data.reason})`;
    case 'PasswordRehashed':
      return 'the same password was hashed anew';
    case 'SignInFailed':
      return 'a wrong password was given';
    case 'UserLocked':
      return `the account was locked until ${data.lockedUntil}`;
    case 'UserUnlocked':
      return `the lock was ended (${data.reason})`;
    case 'RoleChanged':
      return `the role was changed from ${data.previous} to ${data.role}`;
    case 'TierChanged':
      return `the tier was changed from ${data.previous} to ${data.tier}`;
    case 'UserDeactivated':
      return 'the account was deactivated';
    case 'UserReactivated':
      return 'the account was reactivated';
    case 'UserErased':
      return 'the person was erased';
    case 'GuestUpgradeRequested':
      return 'the guest asked for an account; the address is to be proven first';
    case 'GuestUpgraded':
      return 'the guest got an account';
  }
};

export const wordsOfHouseholdEvent = ({ type, data }: HouseholdEvent): string => {
  switch (type) {
    case 'HouseholdCreated':
      return `the household was made, owned by ${data.ownerId}`;
    case 'HouseholdRenamed':
      return 'the household was renamed';
    case 'MemberInvited':
      return `${data.invitedBy} invited an address as ${data.role}`;
    case 'InvitationResent':
      return `${data.resentBy} sent an invitation again`;
    case 'InvitationAccepted':
      return `${data.userId} accepted an invitation`;
    case 'InvitationDeclined':
      return 'an invitation was declined';
    case 'InvitationRevoked':
      return `an invitation was revoked (${data.reason})`;
    case 'MemberAdded':
      return `${data.userId} joined as ${data.role}`;
    case 'MemberRoleChanged':
      return `the role of ${data.userId} was changed from ${data.previous} to ${data.role}`;
    case 'MemberRemoved':
      return data.reason === 'left'
        ? `${data.userId} left`
        : `${data.userId} was taken out (${data.reason})`;
    case 'OwnershipTransferred':
      return `${data.from} made ${data.to} the owner, and stayed on as admin`;
    case 'HouseholdDeleted':
      return `the household was deleted by ${data.deletedBy}`;
  }
};

export const wordsOfFamilyEvent = ({ type, data }: TokenFamilyEvent): string => {
  switch (type) {
    case 'TokenFamilyStarted':
      return 'signed in: generation 0 and access token .0 were issued';
    case 'RefreshTokenRotated':
      return `generation ${data.generation} and access token .${data.accessToken.ordinal} were issued`;
    case 'RefreshTokenReplayed':
      return `generation ${data.generation} was handed out again, with access token .${data.accessToken.ordinal}`;
    case 'TokenTheftDetected':
      return `theft: generation ${data.presentedGeneration} was presented, when ${data.currentGeneration} was live (${data.cause})`;
    case 'ActiveHouseholdSwitched':
      return `switched from ${data.previous ?? 'no household'} to ${data.householdId} (${data.cause})`;
    case 'AccessTokenRevoked':
      return `access token .${data.accessToken.ordinal} was revoked by itself`;
    case 'TokenFamilyRevoked':
      return `the session was ended (${data.reason})`;
  }
};
