import { createEndMembershipsAlongWith } from '../../../src/application/households/end-memberships-along-with.ts';
import { createInviteMember } from '../../../src/application/households/invitations/invite-member.ts';
import { createOpenInvitation } from '../../../src/application/households/invitations/open-invitation.ts';
import { createReadHousehold } from '../../../src/application/households/read-household.ts';
import { householdAggregate } from '../../../src/application/kernel/aggregate.ts';
import { ApplicationError } from '../../../src/application/kernel/errors.ts';
import type { HouseholdCommand } from '../../../src/domain/household/household-commands.ts';
import type {
  GrantableRole,
  HouseholdEvent,
} from '../../../src/domain/household/household-events.ts';
import { ANN, BEN, CAT, DAN, policy } from '../events/household-fixtures.ts';
import { createAccountServices } from '../identity/account-services.ts';
import { ann, contextFrom } from '../sessions/session-services.ts';
import { createInMemoryHouseholdDirectory } from './in-memory-household-directory.ts';
import {
  createInMemoryInvitationAddresses,
  createInMemoryInvitationDirectory,
} from './in-memory-invitations.ts';

/** The household that the specs are about. */
export const FLAT = 'hh_flat';
export const DAN_ADDRESS = 'dan@example.com';

/** The default household of a user. */
export const defaultHouseholdOf = (userId: string): string => userId.replace('user', 'hh');

const addressOf = (userId: string): string => `${userId.replace('user_', '')}@example.com`;
const nameOf = (userId: string): string => userId.replace('user_', '');

/**
 * `FLAT`, which Ann owns, with Ben as an admin and Cat as a member. Dan has an account only. Each
 * of them has a verified address and a default household.
 */
export const createHouseholdServices = async () => {
  const services = createAccountServices();
  const { accounts, clock, commands, eventStore, ids, signUp } = services;
  const knownAddresses = new Map<string, string>();
  const taken: string[] = [];
  const allowed = { inviter: true, address: true };
  const unverified = new Set<string>();
  const released: (readonly (string | undefined)[])[] = [];

  const decide = (command: HouseholdCommand, householdId = FLAT) =>
    commands.execute(householdAggregate, householdId, command, contextFrom());
  const now = clock.now();
  for (const userId of [ANN, BEN, CAT, DAN]) {
    const householdId = defaultHouseholdOf(userId);
    const displayName = nameOf(userId);
    await signUp(userId, addressOf(userId), { verification: 'verified', householdId, displayName });
    const data = { name: 'Home', ownerId: userId, home: true, now };
    await decide({ type: 'CreateHousehold', data }, householdId);
  }
  const data = { name: 'The Flat', ownerId: ANN, home: false, now };
  await decide({ type: 'CreateHousehold', data });
  const add = (userId: string, role: GrantableRole) =>
    decide({ type: 'AddMember', data: { userId, role, home: false, now: clock.now() } });
  await add(BEN, 'admin');
  await add(CAT, 'member');

  const households = createInMemoryHouseholdDirectory({ commands, eventStore });
  const invitations = createInMemoryInvitationDirectory({ commands, eventStore }, knownAddresses);
  const { codec } = services;
  const world = {
    ...services,
    policy,
    households,
    invitations,
    readHousehold: createReadHousehold({ households }),
    openInvitation: createOpenInvitation({ codec, invitations }),
    users: {
      findProfile: async (userId: string) => {
        const profile = (await accounts.findById(userId))?.profile;
        return profile && { ...profile, emailVerified: !unverified.has(userId) };
      },
      isEmpty: async () => false,
    },
    hashAddress: (email: string) => [`hash of ${email}`] as const,
    addresses: createInMemoryInvitationAddresses(knownAddresses),
    allowance: {
      takeForInviter: async (userId: string) => {
        taken.push(userId);
        if (!allowed.inviter) throw new ApplicationError('invitation_limit_reached');
      },
      takeForAddress: async (email: string) => {
        taken.push(email);
        return allowed.address;
      },
    },
    ids: { ...ids, invitationId: () => `inv_${taken.length}` },
    releaseMembers: async (...asked: readonly [string, string?]) => void released.push(asked),
  };
  const inviteMember = createInviteMember(world);

  const eventsOfHousehold = async (householdId = FLAT): Promise<readonly HouseholdEvent[]> => {
    const { events } = await eventStore.readStream({ category: 'household', id: householdId });
    return events.map(({ event }) => event as HouseholdEvent);
  };

  return {
    ...world,
    endMembershipsAlongWith: createEndMembershipsAlongWith(world),
    /** The stored addresses of open invitations, by invitation. */
    knownAddresses,
    /** Users and addresses whose allowance was used, in order. */
    taken,
    allowed,
    unverified,
    /** Households and users whose rows were released, in order. */
    released,
    /** Executes a command on a household. */
    decide,
    add,
    /** Invites as Ann, unless another member is given. The first token is `otp 1`. */
    invite: (userId: string = ANN, email = DAN_ADDRESS, role: GrantableRole = 'member') =>
      inviteMember({ householdId: FLAT, userId, email, role }, contextFrom()),
    eventsOfHousehold,
    /** The events of `FLAT` after its creation and the first members. */
    laterEvents: async () => (await eventsOfHousehold()).slice(3),
    last: async () => (await eventsOfHousehold()).at(-1),
    /** Opens a session of a user that acts for a household. */
    openIn: (userId: string, householdId = FLAT) =>
      services.open({ ...ann, userId, householdId, householdRole: 'member' }),
  };
};
