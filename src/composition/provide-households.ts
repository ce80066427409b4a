import { createKnexHouseholdDirectory } from '../adapters/postgres/households/knex-household-directory.ts';
import { createLimitedInvitationAllowance } from '../adapters/postgres/households/limited-invitation-allowance.ts';
import {
  createPostgresInvitationAddresses,
  createPostgresInvitationDirectory,
} from '../adapters/postgres/households/postgres-invitation-directory.ts';
import { createChangeMemberRole } from '../application/households/change-member-role.ts';
import { createCreateHousehold } from '../application/households/create-household.ts';
import { createDeleteHousehold } from '../application/households/delete-household.ts';
import { createEndMembershipsAlongWith } from '../application/households/end-memberships-along-with.ts';
import { createAcceptInvitation } from '../application/households/invitations/accept-invitation.ts';
import { createAcceptInvitationByMail } from '../application/households/invitations/accept-invitation-by-mail.ts';
import { createDeclineInvitation } from '../application/households/invitations/decline-invitation.ts';
import { createInviteMember } from '../application/households/invitations/invite-member.ts';
import { createListInvitations } from '../application/households/invitations/list-invitations.ts';
import { createOpenInvitation } from '../application/households/invitations/open-invitation.ts';
import { createReadInvitation } from '../application/households/invitations/read-invitation.ts';
import { createRegisterInvitedUser } from '../application/households/invitations/register-invited-user.ts';
import { createResendInvitation } from '../application/households/invitations/resend-invitation.ts';
import { createRevokeInvitation } from '../application/households/invitations/revoke-invitation.ts';
import { createListMembers } from '../application/households/list-members.ts';
import { createReadHousehold } from '../application/households/read-household.ts';
import { createRemoveMember } from '../application/households/remove-member.ts';
import { createRenameHousehold } from '../application/households/rename-household.ts';
import { createSwitchHousehold } from '../application/households/switch-household.ts';
import { createTransferOwnership } from '../application/households/transfer-ownership.ts';
import type { CompositionModule } from './provide.ts';
import { tokens } from './system-tokens.ts';

const providePorts: CompositionModule = (provide) => {
  provide(tokens.householdDirectory, (get) => createKnexHouseholdDirectory(get(tokens.database)));
  provide(tokens.invitationDirectory, (get) =>
    createPostgresInvitationDirectory(get(tokens.database)),
  );
  provide(tokens.invitationAddresses, (get) =>
    createPostgresInvitationAddresses(get(tokens.database)),
  );
  provide(tokens.openInvitation, (get) =>
    createOpenInvitation({
      codec: get(tokens.oneTimeTokenCodec),
      invitations: get(tokens.invitationDirectory),
    }),
  );
  provide(tokens.endMembershipsAlongWith, (get) =>
    createEndMembershipsAlongWith({
      commands: get(tokens.commands),
      sessions: get(tokens.sessions),
      households: get(tokens.householdDirectory),
      releaseMembers: get(tokens.releaseMembers),
      storeAlongWithSessions: get(tokens.storeAlongWithSessions),
    }),
  );
  provide(tokens.readHousehold, (get) =>
    createReadHousehold({ households: get(tokens.householdDirectory) }),
  );
};

const provideInvitations: CompositionModule = (provide, { households: policy }) => {
  provide(tokens.acceptInvitation, (get) =>
    createAcceptInvitation({
      commands: get(tokens.commands),
      accounts: get(tokens.accounts),
      openInvitation: get(tokens.openInvitation),
      addresses: get(tokens.invitationAddresses),
      hashAddress: get(tokens.hashAddress),
      readHousehold: get(tokens.readHousehold),
      clock: get(tokens.clock),
      policy,
    }),
  );
  provide(tokens.declineInvitation, (get) =>
    createDeclineInvitation({
      commands: get(tokens.commands),
      openInvitation: get(tokens.openInvitation),
      addresses: get(tokens.invitationAddresses),
      clock: get(tokens.clock),
    }),
  );
  provide(tokens.readInvitation, (get) =>
    createReadInvitation({
      commands: get(tokens.commands),
      accounts: get(tokens.accounts),
      openInvitation: get(tokens.openInvitation),
      addresses: get(tokens.invitationAddresses),
      clock: get(tokens.clock),
    }),
  );
  provide(tokens.acceptInvitationByMail, (get) =>
    createAcceptInvitationByMail({
      accounts: get(tokens.accounts),
      readInvitation: get(tokens.readInvitation),
      acceptInvitation: get(tokens.acceptInvitation),
    }),
  );
  provide(tokens.registerInvitedUser, (get) =>
    createRegisterInvitedUser({
      commands: get(tokens.commands),
      openInvitation: get(tokens.openInvitation),
      hashAddress: get(tokens.hashAddress),
      registerUser: get(tokens.registerUser),
      acceptInvitation: get(tokens.acceptInvitation),
      clock: get(tokens.clock),
    }),
  );
  provide(tokens.invitations, (get) => {
    const commands = get(tokens.commands);
    const addresses = get(tokens.invitationAddresses);
    const clock = get(tokens.clock);
    const sending = {
      commands,
      addresses,
      allowance: createLimitedInvitationAllowance(get(tokens.rateLimiter)),
      oneTimeTokens: get(tokens.oneTimeTokens),
      clock,
      policy,
    };
    return {
      inviteMember: createInviteMember({
        ...sending,
        users: get(tokens.users),
        hashAddress: get(tokens.hashAddress),
        ids: get(tokens.ids),
      }),
      resendInvitation: createResendInvitation(sending),
      revokeInvitation: createRevokeInvitation({ commands, addresses, clock }),
      listInvitations: createListInvitations({
        readHousehold: get(tokens.readHousehold),
        invitations: get(tokens.invitationDirectory),
        clock,
      }),
      acceptInvitation: get(tokens.acceptInvitation),
    };
  });
};

const provideMembers: CompositionModule = (provide, { session: policy }) => {
  provide(tokens.householdMembers, (get) => ({
    listMembers: createListMembers({
      households: get(tokens.householdDirectory),
      readHousehold: get(tokens.readHousehold),
    }),
    changeMemberRole: createChangeMemberRole({
      commands: get(tokens.commands),
      addresses: get(tokens.invitationAddresses),
      clock: get(tokens.clock),
    }),
    removeMember: createRemoveMember({
      endMembershipsAlongWith: get(tokens.endMembershipsAlongWith),
      addresses: get(tokens.invitationAddresses),
      clock: get(tokens.clock),
    }),
    transferOwnership: createTransferOwnership({
      commands: get(tokens.commands),
      stepUp: get(tokens.stepUp),
      clock: get(tokens.clock),
    }),
    listCursors: get(tokens.listCursors),
  }));
  provide(tokens.switchHousehold, (get) =>
    createSwitchHousehold({
      commands: get(tokens.commands),
      accounts: get(tokens.accounts),
      households: get(tokens.householdDirectory),
      refreshTokens: get(tokens.refreshTokens),
      rotateRefreshToken: get(tokens.rotateRefreshToken),
      issueTokenPair: get(tokens.issueTokenPair),
      denylist: get(tokens.denylist),
      clock: get(tokens.clock),
      policy,
    }),
  );
};

/** Registers households, their members and their invitations. */
export const provideHouseholds: CompositionModule = (provide, config, environment) => {
  providePorts(provide, config, environment);
  provideInvitations(provide, config, environment);
  provideMembers(provide, config, environment);
  provide(tokens.households, (get) => ({
    listHouseholds: get(tokens.householdDirectory).listOf,
    readHousehold: get(tokens.readHousehold),
    createHousehold: createCreateHousehold({
      commands: get(tokens.commands),
      accounts: get(tokens.accounts),
      ids: get(tokens.ids),
      clock: get(tokens.clock),
    }),
    renameHousehold: createRenameHousehold({
      commands: get(tokens.commands),
      readHousehold: get(tokens.readHousehold),
      clock: get(tokens.clock),
    }),
    deleteHousehold: createDeleteHousehold({
      endMembershipsAlongWith: get(tokens.endMembershipsAlongWith),
      stepUp: get(tokens.stepUp),
      invitations: get(tokens.invitationDirectory),
      addresses: get(tokens.invitationAddresses),
      clock: get(tokens.clock),
    }),
  }));
};
