import type { HouseholdMembers } from '../../adapters/http/routes/households/household-member-routes.ts';
import type { Households } from '../../adapters/http/routes/households/household-routes.ts';
import type { Invitations } from '../../adapters/http/routes/households/invitation-routes.ts';
import type { PostgresInvitationAddresses } from '../../adapters/postgres/households/postgres-invitation-directory.ts';
import type { EndMembershipsAlongWith } from '../../application/households/end-memberships-along-with.ts';
import type { HouseholdDirectory } from '../../application/households/household-directory.ts';
import type { InvitationDirectory } from '../../application/households/invitation-directory.ts';
import type { AcceptInvitation } from '../../application/households/invitations/accept-invitation.ts';
import type { AcceptInvitationByMail } from '../../application/households/invitations/accept-invitation-by-mail.ts';
import type { DeclineInvitation } from '../../application/households/invitations/decline-invitation.ts';
import type { OpenInvitation } from '../../application/households/invitations/open-invitation.ts';
import type { ReadInvitation } from '../../application/households/invitations/read-invitation.ts';
import type { RegisterInvitedUser } from '../../application/households/invitations/register-invited-user.ts';
import type { ReadHousehold } from '../../application/households/read-household.ts';
import type { SwitchHousehold } from '../../application/households/switch-household.ts';
import { token } from './token.ts';

export const householdsTokens = {
  householdDirectory: token<HouseholdDirectory>('HouseholdDirectory'),
  invitationDirectory: token<InvitationDirectory>('InvitationDirectory'),
  invitationAddresses: token<PostgresInvitationAddresses>('InvitationAddresses'),
  openInvitation: token<OpenInvitation>('OpenInvitation'),
  endMembershipsAlongWith: token<EndMembershipsAlongWith>('EndMembershipsAlongWith'),
  readHousehold: token<ReadHousehold>('ReadHousehold'),
  households: token<Households>('Households'),
  householdMembers: token<HouseholdMembers>('HouseholdMembers'),
  acceptInvitation: token<AcceptInvitation>('AcceptInvitation'),
  declineInvitation: token<DeclineInvitation>('DeclineInvitation'),
  readInvitation: token<ReadInvitation>('ReadInvitation'),
  acceptInvitationByMail: token<AcceptInvitationByMail>('AcceptInvitationByMail'),
  invitations: token<Invitations>('Invitations'),
  switchHousehold: token<SwitchHousehold>('SwitchHousehold'),
  registerInvitedUser: token<RegisterInvitedUser>('RegisterInvitedUser'),
} as const;
