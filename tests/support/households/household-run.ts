import fc from 'fast-check';
import { fold } from '../../../src/domain/decider.ts';
import { DomainError } from '../../../src/domain/domain-error.ts';
import type { HouseholdCommand } from '../../../src/domain/household/household-commands.ts';
import { householdDecider } from '../../../src/domain/household/household-decider.ts';
import type {
  GrantableRole,
  HouseholdEvent,
} from '../../../src/domain/household/household-events.ts';
import type { HouseholdState } from '../../../src/domain/household/household-state.ts';
import { ANN, BEN, CAT, created, DAN, GRANTABLE, STRANGER } from '../events/household-fixtures.ts';
import {
  accept,
  hashOfToken,
  invitation,
  invite,
  LIFETIME,
  resend,
} from '../events/invitation-fixtures.ts';
import { at } from '../events/token-family-fixtures.ts';
import { deepFreeze } from '../kernel/deep-freeze.ts';
import { createHouseholdModel } from './household-model.ts';

/** A command with its outcome and the verdict of the model. */
export type HouseholdTurn = Readonly<{
  command: HouseholdCommand;
  past: readonly HouseholdEvent[];
  before: HouseholdState;
  events: readonly HouseholdEvent[];
  refused: boolean;
  after: HouseholdState;
  model: Readonly<{ refused: boolean; view: unknown }>;
}>;

const PEOPLE = [ANN, BEN, CAT, DAN, STRANGER] as const;

type Step = Readonly<{
  kind: keyof typeof makers;
  by: string;
  other: string;
  role: GrantableRole;
  /** The pick of an invitation or token so far; 0: the latest. */
  pick: number;
  wait: number;
}>;
/** Invitations and tokens share the numbers up to `issued`. */
type Moment = Readonly<{ seconds: number; issued: number; fresh: () => number }>;

const makers = {
  rename: ({ seconds }, { by, role }) => ({
    type: 'RenameHousehold',
    data: { by, name: role, now: at(seconds) },
  }),
  invite: ({ seconds, fresh }, { by, other: person, role }) =>
    invite(fresh(), seconds, { by, person, role }),
  resend: ({ seconds, issued, fresh }, { by, pick }) =>
    resend(issued - pick, fresh(), seconds, { by }),
  revoke: ({ seconds, issued }, { by, pick }) => ({
    type: 'RevokeInvitation',
    data: { by, invitationId: invitation(issued - pick), now: at(seconds) },
  }),
  // Mostly the invited user, but another user may have obtained the token.
  accept: ({ seconds, issued }, { by: userId, other: person, pick }) =>
    accept(issued - pick, seconds, { userId, person }),
  acceptOwn: ({ seconds, issued }, { other, pick }) =>
    accept(issued - pick, seconds, { userId: other, person: other }),
  decline: ({ seconds, issued }, { pick }) => ({
    type: 'DeclineInvitation',
    data: { tokenHash: hashOfToken(issued - pick), now: at(seconds) },
  }),
  takeOver: ({ seconds }, { other: userId, role }) => ({
    type: 'AddMember',
    data: { userId, role, home: false, now: at(seconds) },
  }),
  change: ({ seconds }, { by, other: userId, role }) => ({
    type: 'ChangeMemberRole',
    data: { by, userId, role, now: at(seconds) },
  }),
  remove: ({ seconds }, { by, other: userId }) => ({
    type: 'RemoveMember',
    data: { by, userId, now: at(seconds) },
  }),
  leave: ({ seconds }, { by }) => ({
    type: 'RemoveMember',
    data: { by, userId: by, now: at(seconds) },
  }),
  forget: ({ seconds }, { by: userId }) => ({
    type: 'EraseMember',
    data: { userId, now: at(seconds) },
  }),
  transfer: ({ seconds }, { by, other: to }) => ({
    type: 'TransferOwnership',
    data: { by, to, now: at(seconds) },
  }),
  delete: ({ seconds }, { by }) => ({ type: 'DeleteHousehold', data: { by, now: at(seconds) } }),
} as const satisfies Record<string, (moment: Moment, step: Step) => HouseholdCommand>;

const often = (Object.keys(makers) as (keyof typeof makers)[]).filter(
  (kind) => kind !== 'delete' && kind !== 'forget',
);

const anyPerson = fc.constantFrom<string>(ANN, ANN, ...PEOPLE);

export const anySteps: fc.Arbitrary<readonly Step[]> = fc.array(
  fc.record({
    kind: fc.oneof(
      { weight: 60, arbitrary: fc.constantFrom(...often, 'invite', 'acceptOwn') },
      { weight: 2, arbitrary: fc.constantFrom('delete' as const, 'forget' as const) },
    ),
    by: anyPerson,
    other: anyPerson,
    role: fc.constantFrom(...GRANTABLE),
    pick: fc.oneof(fc.constant(0), fc.nat({ max: 4 })),
    wait: fc.constantFrom(0, 0, 1, 60, 3_600, LIFETIME - 1, LIFETIME),
  }) as fc.Arbitrary<Step>,
  { minLength: 5, maxLength: 40 },
);

const decide = (command: HouseholdCommand, state: HouseholdState) => {
  try {
    return { events: householdDecider.decide(command, state), refused: false };
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    return { events: [], refused: true };
  }
};

/** Plays the steps on a household of Ann's and on the model. */
export const playHousehold = (steps: readonly Step[]): readonly HouseholdTurn[] => {
  const model = createHouseholdModel();
  let [seconds, issued] = [0, 0];
  let past: readonly HouseholdEvent[] = [created()];
  let state = deepFreeze(fold(householdDecider, householdDecider.initialState, past));
  return steps.map((step) => {
    seconds += step.wait;
    const fresh = () => {
      issued += 1;
      return issued;
    };
    const command = deepFreeze<HouseholdCommand>(
      makers[step.kind]({ seconds, issued, fresh }, step),
    );
    const before = state;
    const turn = { command, past, before, ...decide(command, before) };
    state = deepFreeze(fold(householdDecider, before, turn.events));
    past = [...past, ...turn.events];
    const refused = !model.give(command);
    return { ...turn, after: state, model: { refused, view: model.view() } };
  });
};
