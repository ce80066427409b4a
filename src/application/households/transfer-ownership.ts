import type { StepUp, StepUpInput } from '../credentials/step-up.ts';
import { householdAggregate } from '../kernel/aggregate.ts';
import type { Clock } from '../kernel/clock.ts';
import type { CommandHandler } from '../kernel/command-handler.ts';
import type { RequestContext } from '../kernel/request-context.ts';

type Dependencies = Readonly<{ commands: CommandHandler; stepUp: StepUp; clock: Clock }>;

type Input = StepUpInput & Readonly<{ householdId: string; memberId: string }>;

export type TransferOwnership = ReturnType<typeof createTransferOwnership>;

/**
 * Makes another member the owner; the previous owner becomes an admin.
 * @throws DomainError `household_not_found`, `household_role_insufficient`, `member_not_found`;
 * ApplicationError `step_up_required`, `invalid_credentials`, `access_token_invalid`
 */
export const createTransferOwnership =
  ({ commands, stepUp, clock }: Dependencies) =>
  async ({ householdId, memberId: to, ...who }: Input, context: RequestContext): Promise<void> => {
    await stepUp(who, context);
    const data = { by: who.userId, to, now: clock.now() };
    const command = { type: 'TransferOwnership', data } as const;
    await commands.execute(householdAggregate, householdId, command, context);
  };
