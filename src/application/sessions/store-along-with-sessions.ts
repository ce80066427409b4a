import type { DomainEvent } from '../../domain/decider.ts';
import type { TokenFamilyCommand } from '../../domain/token-family/token-family-commands.ts';
import { tokenFamilyAggregate } from '../kernel/aggregate.ts';
import { checkAfterAppend } from '../kernel/check-after-append.ts';
import type { CommandHandler, Decision } from '../kernel/command-handler.ts';
import { ApplicationError } from '../kernel/errors.ts';
import { RevisionConflict } from '../kernel/event-store.ts';
import type { RequestContext } from '../kernel/request-context.ts';
import type { AccessTokenDenylist } from './access-token-denylist.ts';
import { denyRevoked } from './revoke-token-family.ts';

type Dependencies = Readonly<{ commands: CommandHandler; denylist: AccessTokenDenylist }>;

/** A command to one session. */
export type SessionChange = Readonly<{ familyId: string; command: TokenFamilyCommand }>;

type Input<Event, State> = Readonly<{
  /** Loads and decides the command that the sessions are changed with. */
  prepare: () => Promise<Decision<Event, State>>;
  /** Finds the sessions that the decision affects at the time of the call. */
  findChanges: (decision: Decision<Event, State>) => Promise<readonly SessionChange[]>;
}>;

/** Limit on repeated conflicts: each session that is refreshed meanwhile causes one. */
const MAX_ATTEMPTS = 100;
/** Limit on the sessions in one append, so that its statement stays fast. */
const MAX_TOGETHER = 64;
/**
 * Limit on conflicts before sessions are changed one by one: a client may refresh them to prevent
 * the append.
 */
const ATTEMPTS_TOGETHER = 3;
/** Sessions changed at the same time when they are changed one by one. */
const AT_ONCE = 8;

export type StoreAlongWithSessions = ReturnType<typeof createStoreAlongWithSessions>;

/**
 * Stores a decision together with the commands to sessions that it entails, in one append, so that
 * a crash cannot separate them. After repeated conflicts the sessions are changed before the
 * append, one by one. Sessions that are started or switched meanwhile are changed after it.
 * @throws DomainError as the decider; ApplicationError `concurrent_update`
 */
export const createStoreAlongWithSessions = ({ commands, denylist }: Dependencies) => {
  const change = async (
    { familyId, command }: SessionChange,
    context: RequestContext,
  ): Promise<void> => {
    const { events } = await commands.execute(tokenFamilyAggregate, familyId, command, context);
    denyRevoked(denylist, familyId, events);
  };

  /** Changes excess sessions before the append: after a crash the command can be repeated. */
  const changeExcess = async (
    changes: readonly SessionChange[],
    maxTogether: number,
    context: RequestContext,
  ): Promise<readonly SessionChange[]> => {
    for (let next = maxTogether; next < changes.length; next += AT_ONCE) {
      const excess = changes.slice(next, next + AT_ONCE);
      await Promise.all(excess.map((each) => change(each, context)));
    }
    return changes.slice(0, maxTogether);
  };

  /** @throws RevisionConflict */
  const attempt = async <Event extends DomainEvent<string, object>, State>(
    { prepare, findChanges }: Input<Event, State>,
    maxTogether: number,
    context: RequestContext,
  ): Promise<Decision<Event, State>> => {
    const decision = await prepare();
    const together = await changeExcess(await findChanges(decision), maxTogether, context);
    const families = await Promise.all(
      together.map(({ familyId, command }) =>
        commands.prepare(tokenFamilyAggregate, familyId, command, context),
      ),
    );
    const appends = [decision, ...families].filter(({ events }) => events.length > 0);
    if (appends.length > 0) await commands.append(appends.map(({ append }) => append));
    families.forEach(({ append, events }) => {
      denyRevoked(denylist, append.stream.id, events);
    });
    return decision;
  };

  const attemptUntilAlone = async <Event extends DomainEvent<string, object>, State>(
    input: Input<Event, State>,
    context: RequestContext,
  ): Promise<Decision<Event, State>> => {
    for (let attempts = 1; attempts <= MAX_ATTEMPTS; attempts += 1) {
      try {
        const maxTogether = attempts <= ATTEMPTS_TOGETHER ? MAX_TOGETHER : 0;
        return await attempt(input, maxTogether, context);
      } catch (error) {
        if (!(error instanceof RevisionConflict)) throw error;
      }
    }
    throw new ApplicationError('concurrent_update');
  };

  return async <Event extends DomainEvent<string, object>, State>(
    input: Input<Event, State>,
    context: RequestContext,
  ): Promise<Decision<Event, State>> => {
    const { stored } = await checkAfterAppend({
      append: () => attemptUntilAlone(input, context),
      // A session that was started or switched between the search and the append.
      readAgain: input.findChanges,
      findContradiction: (late) => (late.length > 0 ? late : undefined),
      compensate: async (late) => {
        for (const each of late) await change(each, context);
      },
    });
    return stored;
  };
};
