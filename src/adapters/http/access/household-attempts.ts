import type { RouteAttempt } from '../../../application/auditing/explanation/route-access.ts';
import type { HouseholdCommand } from '../../../domain/household/household-commands.ts';

// The least that a route asks of a household: refused this, every request to the route is refused.

type Attempt = (attempt: RouteAttempt) => HouseholdCommand;

const named = ({ parameters }: RouteAttempt, name: string): string => parameters[name] ?? '';

export const removeMember: Attempt = (attempt) => {
  const { by, now } = attempt;
  return { type: 'RemoveMember', data: { by, userId: named(attempt, 'userId'), now } };
};

/** Demotes to viewer, the role that every member may grant who may grant one. */
export const demoteMember: Attempt = (attempt) => {
  const { by, now } = attempt;
  const data = { by, userId: named(attempt, 'userId'), role: 'viewer', now } as const;
  return { type: 'ChangeMemberRole', data };
};

export const revokeInvitation: Attempt = (attempt) => {
  const { by, now } = attempt;
  const invitationId = named(attempt, 'invitationId');
  return { type: 'RevokeInvitation', data: { by, invitationId, now } };
};

export const deleteHousehold: Attempt = ({ by, now }) => ({
  type: 'DeleteHousehold',
  data: { by, now },
});
