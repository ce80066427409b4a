import type { ClaimRequestedIdentifiers } from '../identity/claim-requested-identifiers.ts';
import type { PresentedToken } from '../identity/one-time-tokens.ts';
import { userAggregate } from '../kernel/aggregate.ts';
import type { Clock } from '../kernel/clock.ts';
import type { CommandHandler } from '../kernel/command-handler.ts';
import type { RequestContext } from '../kernel/request-context.ts';

type Dependencies = Readonly<{
  commands: CommandHandler;
  claimRequestedIdentifiers: ClaimRequestedIdentifiers;
  clock: Clock;
}>;

export type ConfirmEmail = ReturnType<typeof createConfirmEmail>;

/** Verifies an account's address. @throws DomainError or ApplicationError `token_invalid` */
export const createConfirmEmail =
  ({ commands, claimRequestedIdentifiers, clock }: Dependencies) =>
  async ({ userId, tokenHash }: PresentedToken, context: RequestContext): Promise<void> => {
    const user = await commands.load(userAggregate, userId);
    const { usernameClaimed, releaseClaim } = await claimRequestedIdentifiers(userId, user);
    try {
      const data = { tokenHash, usernameClaimed, now: clock.now() };
      await commands.execute(userAggregate, userId, { type: 'ConfirmEmail', data }, context);
    } catch (error) {
      await releaseClaim();
      throw error;
    }
  };
