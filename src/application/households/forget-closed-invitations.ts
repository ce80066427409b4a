import type { HouseholdEvent } from '../../domain/household/household-events.ts';
import type { InvitationAddresses } from './invitation-directory.ts';

/** Addresses of invitations that `events` closed. Best effort: what stays behind is cleaned up later. */
export const forgetClosed = async (
  addresses: InvitationAddresses,
  events: readonly HouseholdEvent[],
): Promise<void> => {
  const closed = events.flatMap(({ type, data }) =>
    type === 'InvitationAccepted' || type === 'InvitationDeclined' || type === 'InvitationRevoked'
      ? [data.invitationId]
      : [],
  );
  if (closed.length > 0) await addresses.forget(closed).catch(() => undefined);
};
