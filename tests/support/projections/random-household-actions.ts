import fc from 'fast-check';
import type { GrantableRole } from '../../../src/domain/household/household-events.ts';

/**
 * Actions of members in one of their households. `member` picks among its members, `guest` among
 * all users; the invited user answers the latest invitation.
 */
export type HouseholdAction = Readonly<{ user: number; household: number }> &
  (
    | Readonly<{ kind: 'createHousehold' | 'deleteHousehold' }>
    | Readonly<{ kind: 'renameHousehold'; name: number }>
    | Readonly<{ kind: 'invite'; guest: number; role: GrantableRole }>
    | Readonly<{ kind: 'takeIn'; guest: number; role: GrantableRole }>
    | Readonly<{ kind: 'resendInvitation' | 'revokeInvitation' }>
    | Readonly<{ kind: 'acceptInvitation' | 'declineInvitation' }>
    | Readonly<{ kind: 'changeMemberRole'; member: number; role: GrantableRole }>
    | Readonly<{ kind: 'removeMember'; member: number }>
    | Readonly<{ kind: 'transferOwnership'; member: number }>
  );

/**
 * Switches to one of the user's households, with or without the refresh token of the latest
 * session.
 */
export type SwitchAction = Readonly<{
  kind: 'switchHousehold';
  user: number;
  household: number;
  refresh: boolean;
}>;

const one = fc.nat({ max: 5 });
const few = fc.nat({ max: 2 });
const role = fc.constantFrom<GrantableRole>('admin', 'member', 'viewer');

const action = <const Kind extends string, Rest>(kind: Kind, rest: fc.Arbitrary<Rest>) =>
  fc
    .tuple(one, few, rest)
    .map(([user, household, more]) => ({ kind, user, household, ...more }) as const);
const simple = <const Kind extends string>(kind: Kind) => action(kind, fc.constant({}));

export const anyHouseholdAction: fc.Arbitrary<HouseholdAction | SwitchAction> = fc.oneof(
  { weight: 2, arbitrary: simple('createHousehold') },
  simple('deleteHousehold'),
  action('renameHousehold', fc.record({ name: few })),
  { weight: 4, arbitrary: action('invite', fc.record({ guest: one, role })) },
  { weight: 2, arbitrary: action('takeIn', fc.record({ guest: one, role })) },
  simple('resendInvitation'),
  simple('revokeInvitation'),
  { weight: 4, arbitrary: simple('acceptInvitation') },
  simple('declineInvitation'),
  { weight: 2, arbitrary: action('changeMemberRole', fc.record({ member: few, role })) },
  { weight: 2, arbitrary: action('removeMember', fc.record({ member: few })) },
  { weight: 2, arbitrary: action('transferOwnership', fc.record({ member: few })) },
  { weight: 3, arbitrary: action('switchHousehold', fc.record({ refresh: fc.boolean() })) },
);
