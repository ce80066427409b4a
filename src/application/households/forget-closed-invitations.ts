import type { HouseholdEvent } from '../../domain/household/household-events.ts';
import type { InvitationAddresses } from './invitation-directory.ts';

/**
 * Deletes the addresses of closed invitations, best effort: remaining ones are cleaned up later.
 */
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
