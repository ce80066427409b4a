import type {
  InvitationAddresses,
  InvitationDirectory,
  InvitationPlace,
  InvitationSummary,
} from '../../../src/application/households/invitation-directory.ts';
import { householdAggregate } from '../../../src/application/kernel/aggregate.ts';
import type { CommandHandler } from '../../../src/application/kernel/command-handler.ts';
import type { EventStore } from '../../../src/application/kernel/event-store.ts';

type Dependencies = Readonly<{ commands: CommandHandler; eventStore: EventStore }>;

/** The addresses of invitations, in `known`. */
export const createInMemoryInvitationAddresses = (
  known: Map<string, string>,
): InvitationAddresses => ({
  remember: async (id, email) => void known.set(id, email),
  find: async (id) => known.get(id),
  forget: async (gone) => {
    for (const id of gone) known.delete(id);
  },
});

/**
 * A directory that reads the event store. It finds a token for as long as the event exists: whether
 * the invitation is still open is left to the stream of the household.
 */
export const createInMemoryInvitationDirectory = (
  { commands, eventStore }: Dependencies,
  known: ReadonlyMap<string, string>,
): InvitationDirectory => ({
  findByToken: async (tokenHash) => {
    let found: InvitationPlace | undefined;
    for await (const { stream, event } of eventStore.readAll()) {
      if (event.type !== 'MemberInvited' && event.type !== 'InvitationResent') continue;
      const data = event.data as { invitationId: string; token: { tokenHash: string } };
      if (data.token.tokenHash !== tokenHash) continue;
      found = { invitationId: data.invitationId, householdId: stream.id };
    }
    return found;
  },
  listOpen: async (householdId, now) => {
    const household = await commands.load(householdAggregate, householdId);
    if (household.status !== 'existing') return [];
    return household.invitations
      .filter(({ expiresAt }) => expiresAt > now)
      .map(
        ({ id, role, invitedBy, sentAt, expiresAt }): InvitationSummary => ({
          id,
          email: known.get(id) ?? null,
          role,
          invitedBy,
          createdAt: sentAt,
          expiresAt,
        }),
      )
      .toReversed();
  },
});
