import { householdAggregate } from '../../../src/application/kernel/aggregate.ts';
import { tokens } from '../../../src/composition/system-tokens.ts';
import type { HouseholdEvent } from '../../../src/domain/household/household-events.ts';
import { type ComposedSystem, visitor } from '../servers/composed-system.ts';
import type { Person } from './random-history-accounts.ts';
import type { HouseholdAction } from './random-household-actions.ts';

type Invitation = Readonly<{ id: string; householdId: string; email: string }>;
/** The step-up of the user: see `StepUpInput`. */
type StepUpOf = (
  person: Person,
) => Promise<Readonly<{ userId: string; password: string; authTime: number; sessionId: string }>>;

const pick = <Item>(items: readonly Item[], number: number): Item | undefined =>
  items[number % items.length];

/** Actions in households, through the real use cases. */
export const createHouseholdActions = (
  { get }: Pick<ComposedSystem, 'get'>,
  persons: readonly Person[],
  stepUp: StepUpOf,
) => {
  const { createHousehold, renameHousehold, deleteHousehold } = get(tokens.households);
  const { changeMemberRole, removeMember, transferOwnership } = get(tokens.householdMembers);
  const invitations = get(tokens.invitations);
  const directory = get(tokens.householdDirectory);
  const sent: Invitation[] = [];

  const addressOf = async ({ id, email }: Person) =>
    (await get(tokens.accounts).findById(id))?.profile.email ?? email;

  const pickHousehold = async (userId: string, number: number): Promise<string> => {
    const household = pick(await directory.listOf(userId), number);
    return household?.id ?? 'hh_unknown';
  };

  const pickMember = async (householdId: string, number: number): Promise<string> => {
    const members = await directory.listMembers(householdId, { after: undefined, limit: 100 });
    return pick(members, number)?.userId ?? 'user_unknown';
  };

  const invite = async (
    householdId: string,
    userId: string,
    action: Extract<HouseholdAction, { kind: 'invite' }>,
  ) => {
    const guest = pick(persons, action.guest);
    if (guest === undefined) return;
    const email = await addressOf(guest);
    const wish = { householdId, userId, email, role: action.role };
    const { id } = await invitations.inviteMember(wish, visitor);
    sent.push({ id, householdId, email });
  };

  /** A user who was a member of another household. */
  const takeIn = async (
    householdId: string,
    action: Extract<HouseholdAction, { kind: 'takeIn' }>,
  ) => {
    const guest = pick(persons, action.guest);
    if (guest === undefined) return;
    const data = { userId: guest.id, role: action.role, home: true, now: get(tokens.clock).now() };
    const command = { type: 'AddMember', data } as const;
    await get(tokens.commands).execute(householdAggregate, householdId, command, visitor);
  };

  /** The token in the latest mail to the user, or an invented one if there was none. */
  const tokenFor = async (person: Person): Promise<string> => {
    const email = await addressOf(person);
    const latest = sent.findLast((invitation) => invitation.email === email);
    if (latest === undefined) return 'made up';
    const stream = { category: 'household', id: latest.householdId } as const;
    const { events } = await get(tokens.eventStore).readStream(stream);
    const issued = events
      .map(({ event }) => event as HouseholdEvent)
      .flatMap(({ type, data }) =>
        (type === 'MemberInvited' || type === 'InvitationResent') && data.invitationId === latest.id
          ? [data.token]
          : [],
      )
      .at(-1);
    return (issued && get(tokens.oneTimeTokenCodec).derive(issued)) ?? 'made up';
  };

  const latestOf = (householdId: string) => ({
    householdId,
    invitationId: sent.findLast((one) => one.householdId === householdId)?.id ?? 'inv_unknown',
  });

  return {
    pickHousehold,

    do: async (action: HouseholdAction, person: Person): Promise<unknown> => {
      const userId = person.id;
      const by = { ...visitor, actor: userId };
      const householdId = await pickHousehold(userId, action.household);
      switch (action.kind) {
        case 'createHousehold':
          return createHousehold({ userId, name: 'Flat' }, by);
        case 'renameHousehold':
          return renameHousehold({ householdId, userId, name: `Flat ${action.name}` }, by);
        case 'deleteHousehold':
          return deleteHousehold({ householdId, ...(await stepUp(person)) }, by);
        case 'invite':
          return invite(householdId, userId, action);
        case 'takeIn':
          return takeIn(householdId, action);
        case 'resendInvitation':
          return invitations.resendInvitation({ ...latestOf(householdId), userId }, by);
        case 'revokeInvitation':
          return invitations.revokeInvitation({ ...latestOf(householdId), userId }, by);
        case 'acceptInvitation':
          return invitations.acceptInvitation({ userId, token: await tokenFor(person) }, by);
        case 'declineInvitation':
          return get(tokens.declineInvitation)(await tokenFor(person), visitor);
        case 'changeMemberRole': {
          const memberId = await pickMember(householdId, action.member);
          return changeMemberRole({ householdId, userId, memberId, role: action.role }, by);
        }
        case 'removeMember': {
          const memberId = await pickMember(householdId, action.member);
          return removeMember({ householdId, userId, memberId }, by);
        }
        case 'transferOwnership': {
          const memberId = await pickMember(householdId, action.member);
          return transferOwnership({ householdId, memberId, ...(await stepUp(person)) }, by);
        }
      }
    },
  };
};
