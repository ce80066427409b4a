import { ERASED } from '../../kernel/event-store.ts';
import type { AnyEvent, EventType } from '../shown-event-data.ts';
import type { HouseholdField, UserField } from './changed-fields.ts';

/**
 * Whether a change can be undone: what that does, or why it cannot; neither where nothing is to
 * undo.
 */
export type UndoFeasibility = Readonly<{ undo: string | null; byHand: string | null }>;

const can = (undo: string): UndoFeasibility => ({ undo, byHand: null });
const cannot = (byHand: string): UndoFeasibility => ({ undo: null, byHand });

const NO_ADDRESS =
  'The account has no address for a link to reset the password: deactivate the account, or help its owner.';

/** Whether the account had an address before the theft, and whether it was verified. */
export type AddressBefore = Readonly<{ had: boolean; verified: boolean }>;

/** Decides whether a change of a user can be undone. `target`: the value to restore. */
export const userFeasibility = (
  field: UserField,
  target: string | null,
  address: AddressBefore,
): UndoFeasibility => {
  if (target === ERASED) return cannot('The account is erased: there is nothing to restore.');
  switch (field) {
    case 'email':
      if (target === null) {
        return cannot('The account had no address before: deactivate it, or help its owner.');
      }
      return address.verified
        ? can(
            'The earlier address is restored, the password is removed, every session ends, and a link to reset the password is sent to that address.',
          )
        : cannot(
            'The earlier address was not verified: another person may read its mail. Deactivate the account, or help its owner.',
          );
    case 'pending_email':
      return address.had
        ? can(
            'The link to the other address becomes invalid, the password is removed, every session ends, and a link to reset the password is sent to the address of the account.',
          )
        : cannot(NO_ADDRESS);
    case 'password':
      return address.had
        ? can(
            'The password is removed, every session ends, and a link to reset it is sent to the address of the account.',
          )
        : cannot(NO_ADDRESS);
    case 'username':
      return target === null
        ? cannot('The account had no username before: a username can be changed, but not removed.')
        : can('The earlier username is restored.');
    case 'display_name':
      return can('The earlier display name is restored.');
    case 'locale':
      return can(`The language is set to ${target} again.`);
    case 'role':
      return can(`The role is set to ${target} again.`);
    case 'tier':
      return target === 'anonymous'
        ? cannot('An account cannot become a guest again: choose a tier for the account.')
        : can(`The tier is set to ${target} again.`);
    case 'account_status':
      return can(
        target === 'active' ? 'The account is reactivated.' : 'The account is deactivated.',
      );
  }
};

/** Decides whether a change of a household can be undone. `target`: the value to restore. */
export const householdFeasibility = (
  field: HouseholdField,
  target: string | null,
): UndoFeasibility => {
  if (field === 'name') return can('The earlier name is restored.');
  const [kind, id = ''] = field.split(' ');
  if (kind === 'invitation') return can('The invitation is revoked if it is still open.');
  if (target === null) {
    return can(`${id} is removed from the household, and no session of ${id} acts for it.`);
  }
  return can(
    target === 'owner'
      ? `${id} becomes the owner again.`
      : `${id} becomes ${target} of the household again.`,
  );
};

const BY_HAND: Partial<Record<EventType, string>> = {
  UserRegistered: 'Deactivate the account if it is not wanted.',
  UserImported: 'Deactivate the account if it is not wanted.',
  GuestUpgradeRequested: 'Deactivate the account unless the address belongs to its owner.',
  GuestUpgraded: 'The guest had no earlier credentials to restore: deactivate the account.',
  UserErased: 'An erased account cannot be restored: the user must sign up again.',
  HouseholdCreated: 'Ask its owner to delete it if it is not wanted.',
  HouseholdDeleted: 'Its data cannot be restored: create a new household and invite its members.',
  InvitationDeclined: 'Send a new invitation.',
  InvitationRevoked: 'Send a new invitation.',
  TokenFamilyRevoked: 'The user must sign in again.',
};

/** Says what to do by hand about an event that changed no field that could be restored. */
export const feasibilityWithoutChange = ({ type }: AnyEvent): UndoFeasibility => ({
  undo: null,
  byHand: BY_HAND[type] ?? null,
});
