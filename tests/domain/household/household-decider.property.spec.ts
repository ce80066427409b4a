import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fold } from '../../../src/domain/decider.ts';
import { householdDecider } from '../../../src/domain/household/household-decider.ts';
import type {
  HouseholdEvent,
  HouseholdRole,
} from '../../../src/domain/household/household-events.ts';
import type { HouseholdState } from '../../../src/domain/household/household-state.ts';
import { policy, ROLES } from '../../support/events/household-fixtures.ts';
import {
  anySteps,
  type HouseholdTurn,
  playHousehold,
} from '../../support/households/household-run.ts';

const forAnyRun = (check: (turns: readonly HouseholdTurn[]) => void) =>
  fc.assert(
    fc.property(anySteps, (steps) => check(playHousehold(steps))),
    { numRuns: 1_000 },
  );

const membersOf = (state: HouseholdState) => (state.status === 'existing' ? state.members : []);
const ownersIn = (state: HouseholdState) => membersOf(state).filter(({ role }) => role === 'owner');
const roleIn = (state: HouseholdState, wanted: string): HouseholdRole | undefined =>
  membersOf(state).find(({ userId }) => userId === wanted)?.role;
/** The rank of a role: 0 is the highest; a user who is no member has the lowest. */
const place = (role: HouseholdRole | undefined) =>
  role === undefined ? ROLES.length : ROLES.indexOf(role);

/** The part of a state that the model has too. */
const viewOf = (state: HouseholdState) => {
  if (state.status !== 'existing') return undefined;
  const invitations = state.invitations.map(({ expiresAt: _e, sentAt: _s, ...known }) => known);
  const members = state.members.map(({ home: _, ...member }) => member);
  return { members, invitations };
};

/** The ids of the invitations that these events close. */
const endedBy = (events: readonly HouseholdEvent[]): readonly string[] =>
  events.flatMap(({ type, data }) =>
    type === 'InvitationAccepted' || type === 'InvitationDeclined' || type === 'InvitationRevoked'
      ? [data.invitationId]
      : [],
  );

describe('a household after any sequence of commands', () => {
  it('has exactly one owner until it is deleted', () =>
    forAnyRun((turns) => {
      for (const { after } of turns) {
        expect(ownersIn(after)).toHaveLength(after.status === 'existing' ? 1 : 0);
      }
    }));

  it('agrees with a simple model on states and refusals', () =>
    forAnyRun((turns) => {
      for (const { command, refused, after, model } of turns) {
        expect({ command, refused, view: viewOf(after) }).toStrictEqual({ command, ...model });
      }
    }));

  it('has no member with a role above that of the member who granted it', () =>
    forAnyRun((turns) => {
      for (const { command, before, events } of turns) {
        for (const { type, data } of events) {
          if (type !== 'MemberRoleChanged' && type !== 'MemberInvited') continue;
          const by = 'by' in command.data ? command.data.by : '';
          expect(place(roleIn(before, by))).toBeLessThanOrEqual(place(data.role));
          expect(place(roleIn(before, by))).toBeLessThanOrEqual(place('admin'));
        }
      }
    }));

  it('admits a user only by an invitation that its inviter may still grant', () =>
    forAnyRun((turns) => {
      for (const { command, before, events } of turns) {
        if (command.type !== 'AcceptInvitation' || before.status !== 'existing') continue;
        for (const { type, data } of events) {
          if (type !== 'MemberAdded') continue;
          const promise = before.invitations.find(({ id }) => id === data.invitationId);
          expect(promise?.role).toBe(data.role);
          expect(place(roleIn(before, promise?.invitedBy ?? ''))).toBeLessThanOrEqual(1);
          expect(before.members.length).toBeLessThan(policy.maxMembers);
        }
      }
    }));

  it('closes each invitation at most once', () =>
    forAnyRun((turns) => {
      const ended = turns.flatMap(({ events }) => endedBy(events));
      expect(ended).toStrictEqual([...new Set(ended)]);
    }));

  it('has each member at most once', () =>
    forAnyRun((turns) => {
      for (const { after } of turns) {
        const ids = membersOf(after).map(({ userId }) => userId);
        expect(ids).toStrictEqual([...new Set(ids)]);
      }
    }));

  it('folds to the same state from its log', () =>
    forAnyRun((turns) => {
      const { past, events, after } = turns.at(-1) ?? { past: [], events: [], after: undefined };
      const read = fold(householdDecider, householdDecider.initialState, [...past, ...events]);
      expect(read).toStrictEqual(after);
    }));
});

describe('the generated runs', () => {
  it('contain every command both accepted and refused', () => {
    const seen = new Set<string>();
    forAnyRun((turns) => {
      for (const { command, refused, before } of turns) {
        if (before.status === 'existing') seen.add(`${command.type} ${refused ? 'no' : 'yes'}`);
      }
    });
    const either = ['RenameHousehold', 'InviteMember', 'ResendInvitation', 'RevokeInvitation'];
    const more = ['AcceptInvitation', 'DeclineInvitation', 'ChangeMemberRole', 'RemoveMember'];
    const all = [...either, ...more, 'TransferOwnership', 'DeleteHousehold'];
    for (const type of all) {
      expect(seen).toContain(`${type} yes`);
      expect(seen).toContain(`${type} no`);
    }
  });
});
