import { describe, expect, it } from 'vitest';
import { householdDecider } from '../../../src/domain/household/household-decider.ts';
import type {
  GrantableRole,
  HouseholdEvent,
  HouseholdRole,
} from '../../../src/domain/household/household-events.ts';
import {
  ANN,
  BEN,
  CAT,
  DAN,
  GRANTABLE,
  household,
  ROLES,
  STRANGER,
} from '../../support/events/household-fixtures.ts';
import { invited, wishes } from '../../support/events/invitation-fixtures.ts';
import { at } from '../../support/events/token-family-fixtures.ts';
import { specificationFor } from '../../support/kernel/given-when-then.ts';

const given = specificationFor(householdDecider);

/** Ben acts on Cat, each with the given role; Ann owns the household unless one of them does. */
const past = (actor: HouseholdRole, target: HouseholdRole): HouseholdEvent[] => {
  const grantable = (role: HouseholdRole): GrantableRole => (role === 'owner' ? 'admin' : role);
  const owner = actor === 'owner' ? BEN : target === 'owner' ? CAT : undefined;
  return [
    ...household({ [BEN]: grantable(actor), [CAT]: grantable(target) }),
    ...(owner === undefined
      ? []
      : [
          {
            type: 'OwnershipTransferred',
            data: { from: ANN, to: owner, transferredAt: at(1) },
          } as const,
        ]),
  ];
};

const change = (by: string, userId: string, role: GrantableRole) =>
  ({ type: 'ChangeMemberRole', data: { by, userId, role, now: at(9) } }) as const;
const remove = (by: string, userId: string) =>
  ({ type: 'RemoveMember', data: { by, userId, now: at(9) } }) as const;
const removed = (userId: string, reason: 'left' | 'removed'): HouseholdEvent => ({
  type: 'MemberRemoved',
  data: { userId, reason, removedAt: at(9) },
});

/** The roles below each role. */
const below: Readonly<Record<HouseholdRole, readonly HouseholdRole[]>> = {
  owner: ['admin', 'member', 'viewer'],
  admin: ['member', 'viewer'],
  member: [],
  viewer: [],
};
const pairs = ROLES.flatMap((actor) =>
  ROLES.filter((target) => actor !== 'owner' || target !== 'owner').map(
    (target) => [actor, target] as const,
  ),
);

describe('a member acting on another member', () => {
  it.each(pairs)('may as %s change the role of %s only from a higher role', (actor, target) => {
    for (const role of GRANTABLE) {
      const { then, thenNothingHappened, thenRefused } = given(...past(actor, target)).when(
        change(BEN, CAT, role),
      );
      if (!below[actor].includes(target)) thenRefused('household_role_insufficient');
      else if (role === target) thenNothingHappened();
      else {
        const data = { userId: CAT, role, previous: target as GrantableRole, changedAt: at(9) };
        then({ type: 'MemberRoleChanged', data });
      }
    }
  });

  it.each(pairs)('may as %s remove %s only from a higher role', (actor, target) => {
    const { then, thenRefused } = given(...past(actor, target)).when(remove(BEN, CAT));
    if (below[actor].includes(target)) then(removed(CAT, 'removed'));
    else thenRefused('household_role_insufficient');
  });

  it.each(ROLES)('as %s, gets an error for a user who is no member', (actor) => {
    const code = below[actor].length > 0 ? 'member_not_found' : 'household_role_insufficient';
    given(...past(actor, 'viewer'))
      .when(change(BEN, STRANGER, 'viewer'))
      .thenRefused(code);
    given(...past(actor, 'viewer'))
      .when(remove(BEN, STRANGER))
      .thenRefused(code);
  });
});

describe('a member acting on themselves', () => {
  it.each(ROLES)('may not as %s change their own role', (actor) => {
    for (const role of GRANTABLE) {
      given(...past(actor, 'viewer'))
        .when(change(BEN, BEN, role))
        .thenRefused('household_role_insufficient');
    }
  });

  it.each(GRANTABLE)('may as %s leave', (actor) =>
    given(...past(actor, 'viewer'))
      .when(remove(BEN, BEN))
      .then(removed(BEN, 'left')),
  );

  it('may not as the owner leave, alone or not', () => {
    given(...past('owner', 'admin'))
      .when(remove(BEN, BEN))
      .thenRefused('owner_must_stay');
    given(...household())
      .when(remove(ANN, ANN))
      .thenRefused('owner_must_stay');
  });
});

describe('a user acting on the household', () => {
  const least: Readonly<Record<string, readonly HouseholdRole[]>> = {
    rename: ['owner', 'admin'],
    invite: ['owner', 'admin'],
    resend: ['owner', 'admin'],
    revoke: ['owner', 'admin'],
    change: ['owner', 'admin'],
    remove: ['owner', 'admin'],
    transfer: ['owner'],
    delete: ['owner'],
  };
  const cells = Object.entries(least).flatMap(([wish, allowed]) =>
    ROLES.map((role) => [role, wish, allowed.includes(role)] as const),
  );
  const decide = (role: HouseholdRole, by: string, wish: string) => {
    const { state } = given(...past(role, 'viewer'), ...household({ [DAN]: 'member' }).slice(1));
    const withInvitation = householdDecider.evolve(state, invited(1));
    const { [wish]: command } = wishes(by);
    if (command === undefined) throw new TypeError('no such command');
    return () => householdDecider.decide(command, withInvitation);
  };

  it.each(cells)('may as %s %s: %s', (role, wish, allowed) => {
    if (allowed) expect(decide(role, BEN, wish)()).toHaveLength(1);
    else
      expect(decide(role, BEN, wish)).toThrow(
        expect.objectContaining({ code: 'household_role_insufficient' }),
      );
  });

  it.each(Object.keys(least))('who is no member gets household_not_found for: %s', (wish) =>
    expect(decide('member', STRANGER, wish)).toThrow(
      expect.objectContaining({ code: 'household_not_found' }),
    ),
  );
});
