import type { AnyEvent, EventType } from './shown-event-data.ts';

type Sentence<Type extends EventType> = (
  data: Extract<AnyEvent, { type: Type }>['data'],
  id: string,
) => string;

type Sentences = { readonly [Type in EventType]: Sentence<Type> };

const aboutUsers = {
  UserRegistered: (_, user) => `The account ${user} was made.`,
  UserImported: (_, user) => `The account ${user} was taken over from another system.`,
  EmailVerificationRequested: (_, user) =>
    `A mail for proving the address of ${user} was asked for.`,
  EmailVerified: (_, user) => `The address of ${user} was proven.`,
  EmailChangeRequested: (_, user) => `Another e-mail address was asked for, for ${user}.`,
  EmailChanged: (_, user) => `The e-mail address of ${user} was changed.`,
  DisplayNameChanged: (_, user) => `The display name of ${user} was changed.`,
  UsernameChanged: (_, user) => `The username of ${user} was changed.`,
  LocaleChanged: ({ locale }, user) => `The language of ${user} was changed to ${locale}.`,
  PasswordResetRequested: (_, user) =>
    `A mail for choosing another password was asked for, for ${user}.`,
  PasswordChanged: ({ passwordHash }, user) =>
    passwordHash === null
      ? `The password of ${user} was made void.`
      : `The password of ${user} was changed.`,
  PasswordRehashed: (_, user) => `The password of ${user} was hashed anew.`,
  SignInFailed: (_, user) => `A wrong password was given for ${user}.`,
  UserLocked: ({ lockedUntil }, user) => `${user} was locked until ${lockedUntil}.`,
  UserUnlocked: (_, user) => `${user} was unlocked.`,
  RoleChanged: ({ previous, role }, user) =>
    `The role of ${user} went from ${previous} to ${role}.`,
  TierChanged: ({ previous, tier }, user) =>
    `The tier of ${user} went from ${previous} to ${tier}.`,
  UserDeactivated: (_, user) => `The account ${user} was deactivated.`,
  UserReactivated: (_, user) => `The account ${user} was reactivated.`,
  GuestUpgradeRequested: (_, user) => `The guest ${user} asked for credentials.`,
  UserErased: (_, user) => `The account ${user} was erased.`,
  GuestUpgraded: (_, user) => `The guest ${user} got credentials.`,
} satisfies Partial<Sentences>;

const aboutHouseholds = {
  HouseholdCreated: ({ ownerId }, household) =>
    `The household ${household} was made, with ${ownerId} as its owner.`,
  HouseholdRenamed: (_, household) => `The household ${household} was renamed.`,
  MemberInvited: ({ role, invitationId }, household) =>
    `Somebody was invited to ${household} as ${role} (${invitationId}).`,
  InvitationResent: ({ invitationId }, household) =>
    `The invitation ${invitationId} to ${household} was sent again.`,
  InvitationAccepted: ({ invitationId, userId }, household) =>
    `${userId} accepted the invitation ${invitationId} to ${household}.`,
  InvitationDeclined: ({ invitationId }, household) =>
    `The invitation ${invitationId} to ${household} was declined.`,
  InvitationRevoked: ({ invitationId }, household) =>
    `The invitation ${invitationId} to ${household} was revoked.`,
  MemberAdded: ({ userId, role }, household) => `${userId} joined ${household} as ${role}.`,
  MemberRoleChanged: ({ userId, previous, role }, household) =>
    `The role of ${userId} in ${household} went from ${previous} to ${role}.`,
  MemberRemoved: ({ userId, reason }, household) =>
    reason === 'left' ? `${userId} left ${household}.` : `${userId} was removed from ${household}.`,
  OwnershipTransferred: ({ from, to }, household) =>
    `The ownership of ${household} went from ${from} to ${to}.`,
  HouseholdDeleted: (_, household) => `The household ${household} was deleted.`,
} satisfies Partial<Sentences>;

const aboutSessions = {
  TokenFamilyStarted: ({ userId }, family) => `${userId} signed in: session ${family}.`,
  RefreshTokenRotated: ({ generation }, family) =>
    `The session ${family} was refreshed: generation ${generation}.`,
  RefreshTokenReplayed: ({ generation }, family) =>
    `Generation ${generation} of session ${family} was handed out again.`,
  TokenTheftDetected: ({ presentedGeneration }, family) =>
    `Generation ${presentedGeneration} of session ${family} was presented although superseded.`,
  ActiveHouseholdSwitched: ({ householdId }, family) =>
    `The session ${family} went on to act for ${householdId}.`,
  AccessTokenRevoked: ({ accessToken }, family) =>
    `The access token .${accessToken.ordinal} of session ${family} was revoked.`,
  TokenFamilyRevoked: ({ reason }, family) => `The session ${family} was ended: ${reason}.`,
} satisfies Partial<Sentences>;

// A new event does not compile until someone has put it into words.
const sentences: Sentences = { ...aboutUsers, ...aboutHouseholds, ...aboutSessions };

/**
 * What happened, in a sentence, from ids alone: nobody's name, address or own words.
 * `id`: of the user, the household or the session whose stream it is in.
 */
export const describeEvent = ({ type, data }: AnyEvent, id: string): string =>
  (sentences[type] as Sentence<EventType>)(data as never, id);
