import type { RouteAttempt } from '../../../application/auditing/explanation/explain-requirement.ts';
import type { HouseholdCommand } from '../../../domain/household/household-commands.ts';

// The least that routes about households ask of them: what this is refused for, everything is.

type Attempt = (attempt: RouteAttempt) => HouseholdCommand;

const named = ({ parameters }: RouteAttempt, name: string): string => parameters[name] ?? '';

export const removeMember: Attempt = (attempt) => {
  const { by, now } = attempt;
  return { type: 'RemoveMember', data: { by, userId: named(attempt, 'userId'), now } };
};

/** To the role that everybody may grant who may grant any. */
export const demote: Attempt = (attempt) => {
  const { by, now } = attempt;
  const data = { by, userId: named(attempt, 'userId'), role: 'viewer', now } as const;
  return { type: 'ChangeMemberRole', data };
};

export const revokeInvitation: Attempt = (attempt) => {
  const { by, now } = attempt;
  const invitationId = named(attempt, 'invitationId');
  return { type: 'RevokeInvitation', data: { by, invitationId, now } };
};

export const dissolve: Attempt = ({ by, now }) => ({ type: 'DeleteHousehold', data: { by, now } });
