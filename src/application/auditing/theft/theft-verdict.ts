import { fold } from '../../../domain/decider.ts';
import { DomainError } from '../../../domain/domain-error.ts';
import type { ReplayPolicy } from '../../../domain/token-family/replay-policy.ts';
import type { TokenFamilyCommand } from '../../../domain/token-family/token-family-commands.ts';
import { tokenFamilyDecider } from '../../../domain/token-family/token-family-decider.ts';
import type { TokenFamilyEvent } from '../../../domain/token-family/token-family-events.ts';
import type { TokenFamilyState } from '../../../domain/token-family/token-family-state.ts';
import { canonicalJson } from '../../kernel/canonical-json.ts';
import { ERASED } from '../../kernel/event-store.ts';
import {
  commandBehind,
  decisionsOf,
  type FamilyDecision,
  type FamilyEvent,
} from './theft-decisions.ts';

/** The result of repeating every decision. */
export type Reproduction = Readonly<{
  /** `proven`: every event of the family follows, bit by bit, from those before it. */
  verdict: 'proven' | 'not_reproducible';
  /** How many decisions were repeated. */
  decisions: number;
  /** The first decision with another result; null if there is none. */
  firstDeviation: Readonly<{
    /** Of its first event. */
    revision: string;
    recorded: readonly string[];
    /** Types of events, or the code of the refusal. */
    decided: readonly string[];
  }> | null;
  /** Whether the policy in force is recorded everywhere, or the current one was assumed. */
  policy: 'recorded' | 'assumed';
  /**
   * Whether clients were compared again, or the recorded verdict was accepted as the user is
   * erased.
   */
  clients: 'compared' | 'as_recorded';
}>;

/** A decision, the command behind it and the state before it. */
export type PastDecision = Readonly<{
  decision: FamilyDecision;
  command: TokenFamilyCommand;
  before: TokenFamilyState;
}>;

/** Walks a family's stream from its start. */
export const retrace = (
  events: readonly FamilyEvent[],
  assumed: ReplayPolicy,
): readonly PastDecision[] => {
  let state = tokenFamilyDecider.initialState;
  return decisionsOf(events).map((decision) => {
    const before = state;
    state = fold(
      tokenFamilyDecider,
      before,
      decision.map(({ event }) => event),
    );
    return { decision, command: commandBehind(decision, before, assumed), before };
  });
};

/** Takes over from the record what the log no longer holds: an erased client, a missing policy. */
const asRecorded = (decided: TokenFamilyEvent, recorded: TokenFamilyEvent): TokenFamilyEvent => {
  if (decided.type === 'TokenTheftDetected' && recorded.type === 'TokenTheftDetected') {
    const { presenter, policy } = recorded.data;
    const erased = presenter.agentHash === ERASED;
    return {
      ...decided,
      data: {
        ...decided.data,
        ...(erased && { presenter }),
        ...(policy === null && { policy }),
      },
    };
  }
  if (decided.type === 'RefreshTokenReplayed' && recorded.type === 'RefreshTokenReplayed') {
    const { policy } = recorded.data;
    return policy === null ? { ...decided, data: { ...decided.data, policy } } : decided;
  }
  return decided;
};

const decideAgain = ({ command, before }: PastDecision): readonly TokenFamilyEvent[] | string => {
  try {
    return tokenFamilyDecider.decide(command, before);
  } catch (error) {
    if (error instanceof DomainError) return error.code;
    throw error;
  }
};

const deviationOf = (past: PastDecision): Reproduction['firstDeviation'] => {
  const recorded = past.decision.map(({ event }) => event);
  const decided = decideAgain(past);
  if (typeof decided !== 'string') {
    const comparable = decided.map((event, index) => asRecorded(event, recorded[index] ?? event));
    if (canonicalJson(comparable) === canonicalJson(recorded)) return null;
  }
  return {
    revision: String(past.decision[0].revision),
    recorded: recorded.map(({ type }) => type),
    decided: typeof decided === 'string' ? [decided] : decided.map(({ type }) => type),
  };
};

const lacksPolicy = ({ event: { type, data } }: FamilyEvent): boolean =>
  (type === 'TokenTheftDetected' || type === 'RefreshTokenReplayed') && data.policy === null;

const isErased = ({ event: { type, data } }: FamilyEvent): boolean =>
  type === 'TokenFamilyStarted' && data.holder.agentHash === ERASED;

/** Repeats every decision, and compares the results with the stored events. */
export const reproduce = (events: readonly FamilyEvent[], assumed: ReplayPolicy): Reproduction => {
  const past = retrace(events, assumed);
  const firstDeviation = past.map(deviationOf).find((deviation) => deviation !== null) ?? null;
  return {
    verdict: firstDeviation === null ? 'proven' : 'not_reproducible',
    decisions: past.length,
    firstDeviation,
    policy: events.some(lacksPolicy) ? 'assumed' : 'recorded',
    clients: events.some(isErased) ? 'as_recorded' : 'compared',
  };
};
