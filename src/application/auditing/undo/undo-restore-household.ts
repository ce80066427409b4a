import { DomainError } from '../../../domain/domain-error.ts';
import type { HouseholdCommand } from '../../../domain/household/household-commands.ts';
import type { GrantableRole, HouseholdRole } from '../../../domain/household/household-events.ts';
import { findMember } from '../../../domain/household/household-rank.ts';
import type { ExistingHousehold } from '../../../domain/household/household-state.ts';
import type { EndMembershipsAlongWith } from '../../households/end-memberships-along-with.ts';
import { forgetClosed } from '../../households/forget-closed-invitations.ts';
import type { InvitationAddresses } from '../../households/invitation-directory.ts';
import type { AccountDirectory } from '../../identity/account-directory.ts';
import { householdAggregate } from '../../kernel/aggregate.ts';
import type { Clock } from '../../kernel/clock.ts';
import type { CommandHandler } from '../../kernel/command-handler.ts';
import { ApplicationError } from '../../kernel/errors.ts';
import type { RequestContext } from '../../kernel/request-context.ts';
import type { HouseholdField } from '../undo-plan/changed-fields.ts';
import type { FieldChange } from '../undo-plan/field-changes.ts';

type Dependencies = Readonly<{
  commands: CommandHandler;
  endMembershipsAlongWith: EndMembershipsAlongWith;
  addresses: InvitationAddresses;
  accounts: Pick<AccountDirectory, 'findById'>;
  clock: Clock;
}>;

type Input = Readonly<{ householdId: string; change: FieldChange<HouseholdField> }>;

const ownerOf = ({ members }: ExistingHousehold): string => {
  const owner = members.find(({ role }) => role === 'owner');
  if (owner === undefined) throw new TypeError('a household has an owner');
  return owner.userId;
};

export type RestoreHousehold = ReturnType<typeof createRestoreHousehold>;

/**
 * Restores the earlier value of a field of a household. Commands are decided with the owner's
 * rights; the actor of their events is the caller.
 * @throws DomainError; ApplicationError `user_not_found`
 */
export const createRestoreHousehold = ({
  commands,
  endMembershipsAlongWith,
  addresses,
  accounts,
  clock,
}: Dependencies) => {
  const load = async (householdId: string): Promise<ExistingHousehold> => {
    const household = await commands.load(householdAggregate, householdId);
    if (household.status !== 'existing') throw new DomainError('household_not_found');
    return household;
  };

  const give = async (householdId: string, command: HouseholdCommand, context: RequestContext) => {
    const { events } = await commands.execute(householdAggregate, householdId, command, context);
    await forgetClosed(addresses, events);
  };

  const takeOut = async (householdId: string, userId: string, context: RequestContext) => {
    const by = ownerOf(await load(householdId));
    const command = { type: 'RemoveMember', data: { by, userId, now: clock.now() } } as const;
    const { events } = await endMembershipsAlongWith({ householdId, command, userId }, context);
    await forgetClosed(addresses, events);
  };

  const takeIn = async (
    householdId: string,
    userId: string,
    role: GrantableRole,
    context: RequestContext,
  ) => {
    const account = await accounts.findById(userId);
    if (account === undefined) throw new ApplicationError('user_not_found');
    const home = account.householdId === null;
    const data = { userId, role, home, now: clock.now() };
    await give(householdId, { type: 'AddMember', data }, context);
  };

  const restoreMember = async (
    householdId: string,
    userId: string,
    role: HouseholdRole | null,
    context: RequestContext,
  ) => {
    const household = await load(householdId);
    const member = findMember(household, userId);
    const by = ownerOf(household);
    const now = clock.now();
    if (role === null) return takeOut(householdId, userId, context);
    if (member === undefined) {
      await takeIn(householdId, userId, role === 'owner' ? 'admin' : role, context);
    }
    if (role === 'owner') {
      const data = { by, to: userId, now };
      return give(householdId, { type: 'TransferOwnership', data }, context);
    }
    if (member === undefined) return;
    await give(householdId, { type: 'ChangeMemberRole', data: { by, userId, role, now } }, context);
  };

  return async (
    { householdId, change: { field, target } }: Input,
    context: RequestContext,
  ): Promise<void> => {
    const now = clock.now();
    const [kind, id = ''] = field.split(' ');
    if (kind === 'member') {
      return restoreMember(householdId, id, target as HouseholdRole | null, context);
    }
    const by = ownerOf(await load(householdId));
    if (kind === 'invitation') {
      const data = { by, invitationId: id, now };
      return give(householdId, { type: 'RevokeInvitation', data }, context);
    }
    const data = { by, name: target ?? '', now };
    return give(householdId, { type: 'RenameHousehold', data }, context);
  };
};
