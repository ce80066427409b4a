import { ERASED } from '../../kernel/event-store.ts';
import type { AnyEvent, EventType } from '../shown-event-data.ts';
import type { HouseholdField, UserField } from './changed-fields.ts';

/** Whether something can be taken back: what that does, or why not; neither where there is no need. */
export type UndoFeasibility = Readonly<{ undo: string | null; byHand: string | null }>;

const can = (undo: string): UndoFeasibility => ({ undo, byHand: null });
const cannot = (byHand: string): UndoFeasibility => ({ undo: null, byHand });

const NO_ADDRESS =
  'There is no address that a link for another password could go to: deactivate the account, or help its owner.';

/** What of an account's address held before the theft. */
export type AddressBefore = Readonly<{ had: boolean; verified: boolean }>;

/** `target`: what comes back. */
export const userFeasibility = (
  field: UserField,
  target: string | null,
  address: AddressBefore,
): UndoFeasibility => {
  if (target === ERASED) return cannot('The account is erased: there is nothing to give back.');
  switch (field) {
    case 'email':
      if (target === null) {
        return cannot('The account had no address before: deactivate it, or help its owner.');
      }
      return address.verified
        ? can(
            'The earlier address comes back, the password is void, every session ends, and a link for choosing another password goes to that address.',
          )
        : cannot(
            'Nobody had proven the earlier address: it may be a stranger who reads its mail. Deactivate the account, or help its owner.',
          );
    case 'pending_email':
      return address.had
        ? can(
            'The link to the other address is void, and so is the password; every session ends, and a link for choosing another password goes to the address of the account.',
          )
        : cannot(NO_ADDRESS);
    case 'password':
      return address.had
        ? can(
            'The password is void, every session ends, and a link for choosing another one goes to the address of the account.',
          )
        : cannot(NO_ADDRESS);
    case 'username':
      return target === null
        ? cannot('The account had no username before: one cannot be taken away.')
        : can('The earlier username comes back.');
    case 'display_name':
      return can('The earlier display name comes back.');
    case 'locale':
      return can(`The language is ${target} again.`);
    case 'role':
      return can(`The role is ${target} again.`);
    case 'tier':
      return target === 'anonymous'
        ? cannot('Nobody becomes a guest again: choose a tier for the account.')
        : can(`The tier is ${target} again.`);
    case 'standing':
      return can(
        target === 'active' ? 'The account is reactivated.' : 'The account is deactivated.',
      );
  }
};

export const householdFeasibility = (
  field: HouseholdField,
  target: string | null,
): UndoFeasibility => {
  if (field === 'name') return can('The earlier name comes back.');
  const [kind, id = ''] = field.split(' ');
  if (kind === 'invitation') return can('The invitation is revoked if it is still open.');
  if (target === null) {
    return can(`${id} is no member any more, and no session of ${id} acts for the household.`);
  }
  return can(
    target === 'owner' ? `${id} is the owner again.` : `${id} is ${target} of the household again.`,
  );
};

const BY_HAND: Partial<Record<EventType, string>> = {
  UserRegistered: 'Deactivate the account if nobody wants it.',
  UserImported: 'Deactivate the account if nobody wants it.',
  GuestUpgradeRequested: 'Deactivate the account unless it is its owner who has the address.',
  GuestUpgraded: 'The guest had no credentials to go back to: deactivate the account.',
  UserErased: 'An erased person cannot be brought back: they sign up again.',
  HouseholdCreated: 'Its owner deletes it if nobody wants it.',
  HouseholdDeleted: 'What it held is gone: make another one and invite its members.',
  InvitationDeclined: 'Invite again.',
  InvitationRevoked: 'Invite again.',
  TokenFamilyRevoked: 'Its user signs in again.',
};

/** Of what changed nothing that could be put back. */
export const feasibilityWithoutChange = ({ type }: AnyEvent): UndoFeasibility => ({
  undo: null,
  byHand: BY_HAND[type] ?? null,
});
