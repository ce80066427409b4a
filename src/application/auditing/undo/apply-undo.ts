import { DomainError, type DomainErrorCode } from '../../../domain/domain-error.ts';
import { ApplicationError, type ApplicationErrorCode } from '../../kernel/errors.ts';
import type { RequestContext } from '../../kernel/request-context.ts';
import type { PlannedChange, UndoState } from '../undo-plan/undo-plan.ts';
import type { ProposedUndo, ProposeUndo, StolenFamily } from './propose-undo.ts';
import type { RestoreHousehold } from './undo-restore-household.ts';
import type { RestoreUser } from './undo-restore-user.ts';

type Dependencies = Readonly<{
  proposeUndo: ProposeUndo;
  restoreUser: RestoreUser;
  restoreHousehold: RestoreHousehold;
}>;

/** `address_not_restored`: a link for another password would go to the thief. */
export type UndoRefusal = DomainErrorCode | ApplicationErrorCode | 'address_not_restored';

/** What became of the event that was to be taken back. */
export type UndoneEvent = Omit<ProposedUndo, 'state'> &
  Readonly<{
    outcome: Exclude<UndoState, 'open'> | 'undone' | 'refused';
    refusal: UndoRefusal | null;
  }>;

/** What passes by itself is no refusal: the whole is to be tried again. */
const PASSING: readonly string[] = ['service_unavailable', 'server_busy', 'concurrent_update'];

const refusalIn = (error: unknown): UndoRefusal => {
  const refused = error instanceof DomainError || error instanceof ApplicationError;
  if (!refused || PASSING.includes(error.code)) throw error;
  return error.code;
};

/**
 * Roles while the owner can still sign in, as an administrator has to stay; an address before what is sent
 * to it; ownership before what needs an owner's word.
 */
const rankOf = ({ change: { field, target } }: PlannedChange): number => {
  if (field === 'role' || field === 'standing') return 0;
  return field === 'email' || target === 'owner' ? 1 : 2;
};

export type ApplyUndo = ReturnType<typeof createApplyUndo>;

/**
 * Takes back what the named events did, by commands that say which event they answer to. Of several
 * changes of one thing, all are taken back: nothing comes back that a thief put there in between. What is as it
 * was needs nothing, so that it may be done again. @throws as `ProposeUndo`
 */
export const createApplyUndo = ({ proposeUndo, restoreUser, restoreHousehold }: Dependencies) => {
  const restore = (planned: PlannedChange, anyContext: RequestContext): Promise<void> => {
    const causationId = planned.change.eventIds.at(-1);
    const context = { ...anyContext, causationId };
    return planned.kind === 'user'
      ? restoreUser(planned, context)
      : restoreHousehold(planned, context);
  };

  /** Whether mail for the account goes to the thief still. */
  const isAstray = (
    planned: PlannedChange,
    plan: readonly PlannedChange[],
    restored: ReadonlySet<PlannedChange>,
  ): boolean => {
    const { field } = planned.change;
    if (planned.kind !== 'user' || (field !== 'password' && field !== 'pending_email'))
      return false;
    const { userId } = planned;
    const address = plan.find(
      (other) => other.kind === 'user' && other.userId === userId && other.change.field === 'email',
    );
    const isThiefs = address?.change.lastByThief === true && address.state !== 'as_it_was';
    return isThiefs && !restored.has(address);
  };

  const restoreAll = async (
    wanted: readonly PlannedChange[],
    plan: readonly PlannedChange[],
    context: RequestContext,
  ): Promise<ReadonlyMap<PlannedChange, UndoRefusal>> => {
    const restored = new Set<PlannedChange>();
    const refused = new Map<PlannedChange, UndoRefusal>();
    for (const planned of wanted.toSorted((a, b) => rankOf(a) - rankOf(b))) {
      if (isAstray(planned, plan, restored)) {
        refused.set(planned, 'address_not_restored');
        continue;
      }
      try {
        await restore(planned, context);
        restored.add(planned);
      } catch (error) {
        refused.set(planned, refusalIn(error));
      }
    }
    return refused;
  };

  /** `eventIds`: of the proposal; whatever else is named is passed over. */
  return async (
    stolen: StolenFamily,
    eventIds: readonly string[],
    context: RequestContext,
  ): Promise<readonly UndoneEvent[]> => {
    const { proposal, plan } = await proposeUndo(stolen);
    const concerns = ({ change }: PlannedChange) =>
      change.eventIds.some((id) => eventIds.includes(id));
    const wanted = plan.filter((planned) => planned.state === 'open' && concerns(planned));
    const refused = await restoreAll(wanted, plan, context);
    return proposal.events
      .filter(({ eventId }) => eventIds.includes(eventId))
      .map(({ state, ...event }) => {
        const refusals = [...refused].filter(([{ change }]) =>
          change.eventIds.includes(event.eventId),
        );
        const refusal = refusals[0]?.[1] ?? null;
        const done = state === 'open' ? 'undone' : state;
        return { ...event, outcome: refusal === null ? done : 'refused', refusal };
      });
  };
};
