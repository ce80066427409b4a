import type { Decider } from '../decider.ts';
import { DomainError } from '../domain-error.ts';
import type { CreateHousehold, HouseholdCommand } from './household-commands.ts';
import type { HouseholdEvent } from './household-events.ts';
import { type ExistingHousehold, evolveHousehold, type HouseholdState } from './household-state.ts';
import {
  acceptInvitation,
  declineInvitation,
  inviteMember,
  resendInvitation,
  revokeInvitation,
} from './invitation-decisions.ts';
import {
  addMember,
  changeMemberRole,
  deleteHousehold,
  eraseMember,
  removeMember,
  renameHousehold,
  transferOwnership,
} from './member-decisions.ts';

type LaterCommand = Exclude<HouseholdCommand, CreateHousehold>;
type Decide<Command extends LaterCommand> = (
  data: Command['data'],
  household: ExistingHousehold,
) => readonly HouseholdEvent[];

const decisions: { [Command in LaterCommand as Command['type']]: Decide<Command> } = {
  RenameHousehold: renameHousehold,
  InviteMember: inviteMember,
  ResendInvitation: resendInvitation,
  RevokeInvitation: revokeInvitation,
  AcceptInvitation: acceptInvitation,
  DeclineInvitation: declineInvitation,
  AddMember: addMember,
  ChangeMemberRole: changeMemberRole,
  RemoveMember: removeMember,
  EraseMember: eraseMember,
  TransferOwnership: transferOwnership,
  DeleteHousehold: deleteHousehold,
};

const create = ({ now, ...household }: CreateHousehold['data']): HouseholdEvent => ({
  type: 'HouseholdCreated',
  data: { ...household, createdAt: now },
});

/** The household aggregate. @throws DomainError `household_exists`, `household_not_found` */
export const householdDecider: Decider<HouseholdCommand, HouseholdEvent, HouseholdState> = {
  initialState: { status: 'absent' },
  decide: ({ type, data }, state) => {
    if (type === 'CreateHousehold') {
      if (state.status !== 'absent') throw new DomainError('household_exists');
      return [create(data)];
    }
    if (state.status !== 'existing') throw new DomainError('household_not_found');
    const decide = decisions[type] as Decide<LaterCommand>;
    return decide(data, state);
  },
  evolve: evolveHousehold,
};
