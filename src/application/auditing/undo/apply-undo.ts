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

/** `address_not_restored`: the link to reset the password would be sent to the thief. */
export type UndoRefusal = DomainErrorCode | ApplicationErrorCode | 'address_not_restored';

/** An event that was to be undone, and the outcome. */
export type UndoneEvent = Omit<ProposedUndo, 'state'> &
  Readonly<{
    outcome: Exclude<UndoState, 'open'> | 'undone' | 'refused';
    refusal: UndoRefusal | null;
  }>;

/** Temporary failures: the whole undo is to be retried. */
const TEMPORARY: readonly string[] = ['service_unavailable', 'server_busy', 'concurrent_update'];

const refusalIn = (error: unknown): UndoRefusal => {
  const refused = error instanceof DomainError || error instanceof ApplicationError;
  if (!refused || TEMPORARY.includes(error.code)) throw error;
  return error.code;
};

/**
 * Orders the changes: roles and account status first, as one administrator has to remain; an
 * address before the mail that is sent to it; ownership before what only an owner may do.
 */
const rankOf = ({ change: { field, target } }: PlannedChange): number => {
  if (field === 'role' || field === 'account_status') return 0;
  return field === 'email' || target === 'owner' ? 1 : 2;
};

export type ApplyUndo = ReturnType<typeof createApplyUndo>;

/**
 * Undoes what the named events did, by commands whose causation is the event undone. Of several
 * changes of one field all are undone, so that no value of the thief is restored. A field that
 * already has its earlier value is left alone, so that the undo can be repeated.
 * @throws as `ProposeUndo`
 */
export const createApplyUndo = ({ proposeUndo, restoreUser, restoreHousehold }: Dependencies) => {
  const restore = (planned: PlannedChange, anyContext: RequestContext): Promise<void> => {
    const causationId = planned.change.eventIds.at(-1);
    const context = { ...anyContext, causationId };
    return planned.kind === 'user'
      ? restoreUser(planned, context)
      : restoreHousehold(planned, context);
  };

  /** Whether mail for the account is still sent to the thief. */
  const mailsThief = (
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
      if (mailsThief(planned, plan, restored)) {
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

  /** `eventIds`: of the proposal; others are ignored. */
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
