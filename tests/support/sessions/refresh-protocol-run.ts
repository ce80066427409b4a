import fc from 'fast-check';
import { DomainError } from '../../../src/domain/domain-error.ts';
import type { TokenFamilyCommand } from '../../../src/domain/token-family/token-family-commands.ts';
import { tokenFamilyDecider } from '../../../src/domain/token-family/token-family-decider.ts';
import type {
  TokenFamilyEvent,
  TokenHolder,
} from '../../../src/domain/token-family/token-family-events.ts';
import type { TokenFamilyState } from '../../../src/domain/token-family/token-family-state.ts';
import {
  at,
  laptop,
  present,
  revoke,
  revokeAccessToken,
  salt,
  start,
  stranger,
} from '../events/token-family-fixtures.ts';
import { deepFreeze } from '../kernel/deep-freeze.ts';
import type { Agent, Answer, Rules, Step } from './refresh-protocol-model.ts';

/** A command to the decider with its outcome. */
export type Turn = Readonly<{
  step: Step;
  command: TokenFamilyCommand;
  now: number;
  before: TokenFamilyState;
  events: readonly TokenFamilyEvent[];
  after: TokenFamilyState;
  answer: Answer;
}>;

const holders: Readonly<Record<Agent, TokenHolder>> = { laptop, stranger };

const ANSWERS: Readonly<Record<TokenFamilyEvent['type'], Answer>> = {
  TokenFamilyStarted: 'waited',
  RefreshTokenRotated: 'successor',
  RefreshTokenReplayed: 'same successor again',
  TokenTheftDetected: 'theft',
  AccessTokenRevoked: 'access token revoked',
  ActiveHouseholdSwitched: 'switched',
  TokenFamilyRevoked: 'revoked',
};

const refusals = new Map<string, Answer>([
  ['refresh_token_invalid', 'refused: invalid'],
  ['refresh_token_reused', 'refused: reused'],
]);

/** The decision, or the refusal. */
export const decideOn = (
  command: TokenFamilyCommand,
  state: TokenFamilyState,
): Pick<Turn, 'events' | 'answer'> => {
  try {
    const events = tokenFamilyDecider.decide(command, state);
    const [first] = events;
    return { events, answer: first === undefined ? 'already revoked' : ANSWERS[first.type] };
  } catch (error) {
    const answer = error instanceof DomainError ? refusals.get(error.code) : undefined;
    if (answer === undefined) throw error;
    return { events: [], answer };
  }
};

/** The live generation and the number of access tokens so far. */
type Counts = { generation: number; minted: number };

const end = (milliseconds: number) => at(milliseconds / 1000);

/** The sign-in that every run begins with. */
export const foundingEvents = (rules: Rules): readonly TokenFamilyEvent[] =>
  tokenFamilyDecider.decide(
    start({
      accessTokenExpiresAt: end(rules.accessToken),
      idleExpiresAt: end(rules.idle),
      absoluteExpiresAt: end(rules.absolute),
    }),
    tokenFamilyDecider.initialState,
  );

/** Plays the steps against the decider, everything frozen, from a family that was just started. */
export const play = (rules: Rules, steps: readonly Step[]): readonly Turn[] => {
  const policy = {
    graceSeconds: rules.grace / 1000,
    lostResponse: rules.lostResponse,
    maxReplays: rules.maxReplays,
  };

  const commandFor = (
    step: Exclude<Step, { kind: 'wait' }>,
    now: number,
    { generation: current, minted }: Counts,
  ) => {
    if (step.kind === 'revoke') return revoke('sign_out', now / 1000);
    if (step.kind === 'revokeAccessToken') {
      return revokeAccessToken(minted - 1 - step.back, now / 1000);
    }
    const generation = Math.max(0, current - step.behind);
    const by = holders[step.agent];
    const presented = { by, policy, salt: step.forgedSalt ? 'f'.repeat(32) : salt };
    const { type, data } = present(generation, now / 1000, presented);
    const lifetimes = {
      accessTokenExpiresAt: end(now + rules.accessToken),
      idleExpiresAt: end(now + rules.idle),
    };
    return { type, data: { ...data, ...lifetimes } };
  };

  const { evolve, initialState } = tokenFamilyDecider;
  let state = foundingEvents(rules).reduce(evolve, initialState);
  let now = 0;
  const counts: Counts = { generation: 0, minted: 1 };
  const turns: Turn[] = [];
  for (const step of steps) {
    if (step.kind === 'wait') {
      now += step.milliseconds;
      continue;
    }
    const before = deepFreeze(state);
    const command = deepFreeze<TokenFamilyCommand>(commandFor(step, now, counts));
    const { events, answer } = decideOn(command, before);
    state = deepFreeze(events).reduce(evolve, before);
    for (const { type } of events) {
      if (type === 'RefreshTokenRotated') counts.generation += 1;
      if (type === 'RefreshTokenRotated' || type === 'RefreshTokenReplayed') counts.minted += 1;
    }
    turns.push({ step, command, now, before, events, after: state, answer });
  }
  return turns;
};

export const anyRules: fc.Arbitrary<Rules> = fc.record({
  grace: fc.constantFrom(0, 1_000, 30_000),
  lostResponse: fc.constantFrom('revoke', 'recover'),
  maxReplays: fc.constantFrom(0, 1, 10),
  idle: fc.constantFrom(100_000, 1_000_000),
  absolute: fc.constantFrom(100_000, 300_000, 3_000_000),
  accessToken: fc.constantFrom(1_000, 60_000, 600_000),
});

const wait = fc
  .oneof(
    { weight: 4, arbitrary: fc.constantFrom(1, 500, 999, 1_000, 29_999, 30_000, 99_999, 100_000) },
    { weight: 1, arbitrary: fc.nat({ max: 120_000 }) },
  )
  .map((milliseconds): Step => ({ kind: 'wait', milliseconds }));

const presentation = fc
  .record({
    agent: fc.constantFrom<Agent>('laptop', 'laptop', 'laptop', 'stranger'),
    behind: fc.constantFrom(0, 0, 0, 0, 1, 1, 1, 2, 3, 7, -1, -2),
    forgedSalt: fc.constantFrom(...Array<boolean>(19).fill(false), true),
  })
  .map((presented): Step => ({ kind: 'present', ...presented }));

const anyStep: fc.Arbitrary<Step> = fc.oneof(
  { weight: 10, arbitrary: presentation },
  { weight: 6, arbitrary: wait },
  {
    weight: 2,
    arbitrary: fc
      .constantFrom(0, 0, 1, 2, 5, -1)
      .map((back): Step => ({ kind: 'revokeAccessToken', back })),
  },
  { weight: 1, arbitrary: fc.constant<Step>({ kind: 'revoke' }) },
);

/** The owner and a thief who copied any token, in any order, at any time. */
export const anySteps: fc.Arbitrary<readonly Step[]> = fc.array(anyStep, { maxLength: 40 });
