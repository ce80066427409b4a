import type { HouseholdEvent } from '../../domain/household/household-events.ts';
import type { TokenFamilyEvent } from '../../domain/token-family/token-family-events.ts';
import type { UserEvent } from '../../domain/user/user-events.ts';
import {
  describeFamilyEvent,
  familyEventNames,
  summariseFamilyEvent,
} from '../sessions/refresh-words.ts';
import type { AnyEvent } from './shown-event-data.ts';

/** `summary`: a few words for a list about one subject; `sentence`: names its subject. */
type Words = Readonly<{ summary: string; sentence: string }>;

type WordsByType<Event extends AnyEvent> = {
  readonly [Type in Event['type']]: (
    data: Extract<Event, { type: Type }>['data'],
    id: string,
  ) => Words;
};

const both = (summary: string, sentence: string): Words => ({ summary, sentence });

const aboutUsers: WordsByType<UserEvent> = {
  UserRegistered: (data, user) =>
    both(
      data.pending
        ? 'signed up; the address must be verified first'
        : `registered as ${data.role}, tier ${data.tier}`,
      `The account ${user} was created.`,
    ),
  UserImported: (data, user) =>
    both(
      `imported from another system as ${data.role}, tier ${data.tier}${data.active ? '' : ', deactivated'}`,
      `The account ${user} was imported from another system.`,
    ),
  EmailVerificationRequested: (data, user) =>
    both(
      `a link to verify the address was issued, valid until ${data.token.expiresAt}`,
      `A mail to verify the address of ${user} was requested.`,
    ),
  EmailVerified: (_, user) =>
    both('the address was verified', `The address of ${user} was verified.`),
  EmailChangeRequested: (_, user) =>
    both(
      'a change of the address was requested',
      `A change of the e-mail address of ${user} was requested.`,
    ),
  EmailChanged: (data, user) =>
    both(
      data.undoes === null ? 'the address was changed' : 'a change of the address was undone',
      `The e-mail address of ${user} was changed.`,
    ),
  DisplayNameChanged: (_, user) =>
    both('the display name was changed', `The display name of ${user} was changed.`),
  UsernameChanged: (_, user) =>
    both('the username was changed', `The username of ${user} was changed.`),
  LocaleChanged: (data, user) =>
    both(
      `the language was changed to ${data.locale}`,
      `The language of ${user} was changed to ${data.locale}.`,
    ),
  PasswordResetRequested: (data, user) =>
    both(
      `a link to reset the password was issued, valid until ${data.token.expiresAt}`,
      `A mail to reset the password of ${user} was requested.`,
    ),
  PasswordChanged: (data, user) =>
    data.passwordHash === null
      ? both('the password was removed', `The password of ${user} was removed.`)
      : both(`the password was changed (${data.reason})`, `The password of ${user} was changed.`),
  PasswordRehashed: (_, user) =>
    both(
      'the same password was hashed again with current parameters',
      `The password of ${user} was hashed again with current parameters.`,
    ),
  SignInFailed: (_, user) =>
    both('a wrong password was given', `A wrong password was given for ${user}.`),
  UserLocked: (data, user) =>
    both(
      `the account was locked until ${data.lockedUntil}`,
      `${user} was locked until ${data.lockedUntil}.`,
    ),
  UserUnlocked: (data, user) =>
    both(`the account was unlocked (${data.reason})`, `${user} was unlocked.`),
  RoleChanged: (data, user) =>
    both(
      `the role was changed from ${data.previous} to ${data.role}`,
      `The role of ${user} was changed from ${data.previous} to ${data.role}.`,
    ),
  TierChanged: (data, user) =>
    both(
      `the tier was changed from ${data.previous} to ${data.tier}`,
      `The tier of ${user} was changed from ${data.previous} to ${data.tier}.`,
    ),
  UserDeactivated: (_, user) =>
    both('the account was deactivated', `The account ${user} was deactivated.`),
  UserReactivated: (_, user) =>
    both('the account was reactivated', `The account ${user} was reactivated.`),
  UserErased: (_, user) => both('the account was erased', `The account ${user} was erased.`),
  GuestUpgradeRequested: (_, user) =>
    both(
      'the guest requested an account; the address must be verified first',
      `The guest ${user} requested an account.`,
    ),
  GuestUpgraded: (_, user) =>
    both('the guest became an account', `The guest ${user} became an account.`),
};

const aboutHouseholds: WordsByType<HouseholdEvent> = {
  HouseholdCreated: (data, household) =>
    both(
      `the household was created, owned by ${data.ownerId}`,
      `The household ${household} was created, owned by ${data.ownerId}.`,
    ),
  HouseholdRenamed: (_, household) =>
    both('the household was renamed', `The household ${household} was renamed.`),
  MemberInvited: (data, household) =>
    both(
      `${data.invitedBy} invited an address as ${data.role}`,
      `An address was invited to ${household} as ${data.role} (${data.invitationId}).`,
    ),
  InvitationResent: (data, household) =>
    both(
      `${data.resentBy} sent an invitation again`,
      `The invitation ${data.invitationId} to ${household} was sent again.`,
    ),
  InvitationAccepted: (data, household) =>
    both(
      `${data.userId} accepted an invitation`,
      `${data.userId} accepted the invitation ${data.invitationId} to ${household}.`,
    ),
  InvitationDeclined: (data, household) =>
    both(
      'an invitation was declined',
      `The invitation ${data.invitationId} to ${household} was declined.`,
    ),
  InvitationRevoked: (data, household) =>
    both(
      `an invitation was revoked (${data.reason})`,
      `The invitation ${data.invitationId} to ${household} was revoked.`,
    ),
  MemberAdded: (data, household) =>
    both(
      `${data.userId} joined as ${data.role}`,
      `${data.userId} joined ${household} as ${data.role}.`,
    ),
  MemberRoleChanged: (data, household) =>
    both(
      `the role of ${data.userId} was changed from ${data.previous} to ${data.role}`,
      `The role of ${data.userId} in ${household} was changed from ${data.previous} to ${data.role}.`,
    ),
  MemberRemoved: (data, household) =>
    data.reason === 'left'
      ? both(`${data.userId} left`, `${data.userId} left ${household}.`)
      : both(
          `${data.userId} was removed (${data.reason})`,
          `${data.userId} was removed from ${household}.`,
        ),
  OwnershipTransferred: (data, household) =>
    both(
      `${data.from} made ${data.to} the owner, and stayed as admin`,
      `The ownership of ${household} was transferred from ${data.from} to ${data.to}.`,
    ),
  HouseholdDeleted: (data, household) =>
    both(
      `the household was deleted by ${data.deletedBy}`,
      `The household ${household} was deleted.`,
    ),
};

const words: WordsByType<UserEvent | HouseholdEvent> = { ...aboutUsers, ...aboutHouseholds };

const isFamilyEvent = (event: AnyEvent): event is TokenFamilyEvent =>
  Object.hasOwn(familyEventNames, event.type);

const wordsOf = (event: UserEvent | HouseholdEvent, id: string): Words =>
  (words[event.type] as (data: unknown, id: string) => Words)(event.data, id);

/**
 * States in one sentence what an event says, from ids alone: without names, addresses or texts of
 * users. `id`: of the user, the household or the session whose stream it is in.
 */
export const describeEvent = (event: AnyEvent, id: string): string =>
  isFamilyEvent(event) ? describeFamilyEvent(event, id) : wordsOf(event, id).sentence;

/** Summarises an event in a few words, which hold neither secrets nor personal data. */
export const summariseEvent = (event: AnyEvent, id: string): string =>
  isFamilyEvent(event) ? summariseFamilyEvent(event) : wordsOf(event, id).summary;
