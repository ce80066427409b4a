import { parseEmailAddress } from '../../domain/user/email-address.ts';
import type { OneTimeTokens } from '../identity/one-time-tokens.ts';
import { userAggregate } from '../kernel/aggregate.ts';
import type { Clock } from '../kernel/clock.ts';
import type { CommandHandler } from '../kernel/command-handler.ts';
import type { RequestContext } from '../kernel/request-context.ts';
import type { StepUp, StepUpInput } from './step-up.ts';

type Dependencies = Readonly<{
  commands: CommandHandler;
  stepUp: StepUp;
  oneTimeTokens: OneTimeTokens;
  clock: Clock;
}>;

type Input = StepUpInput & Readonly<{ email: string }>;

export type RequestEmailChange = ReturnType<typeof createRequestEmailChange>;

/**
 * Sends a link to the new address, which replaces the current one once the link is used. The
 * response is the same for an address of another account; that address gets a notice instead.
 * @throws as `StepUp`; DomainError `email_invalid`, `too_many_email_changes`,
 * `credentials_changed`, `user_deactivated`
 */
export const createRequestEmailChange =
  ({ commands, stepUp, oneTimeTokens, clock }: Dependencies) =>
  async ({ email, ...caller }: Input, context: RequestContext): Promise<void> => {
    const address = parseEmailAddress(email);
    const { passwordHash: checkedHash } = await stepUp(caller, context);
    const now = clock.now();
    const token = oneTimeTokens.issue('email_change', now);
    const data = { email: address, checkedHash, token, now };
    await commands.execute(
      userAggregate,
      caller.userId,
      { type: 'RequestEmailChange', data },
      context,
    );
  };
