import type { SignInIdentifier } from '../../domain/user/sign-in-identifier.ts';
import { accountIn } from '../../domain/user/user-state.ts';
import type { IdentifierRegistry } from '../identity/identifier-registry.ts';
import type { OneTimeTokens, PresentedToken } from '../identity/one-time-tokens.ts';
import { userAggregate } from '../kernel/aggregate.ts';
import type { Clock } from '../kernel/clock.ts';
import type { CommandHandler } from '../kernel/command-handler.ts';
import { ApplicationError } from '../kernel/errors.ts';
import type { RequestContext } from '../kernel/request-context.ts';

type Dependencies = Readonly<{
  commands: CommandHandler;
  oneTimeTokens: OneTimeTokens;
  identifiers: IdentifierRegistry;
  clock: Clock;
}>;

export type ConfirmEmailChange = ReturnType<typeof createConfirmEmailChange>;

/**
 * Verifies the new address and replaces the old one, which receives a link to revert the change.
 * @throws ApplicationError or DomainError `token_invalid`, also when another account has the
 * address
 */
export const createConfirmEmailChange =
  ({ commands, oneTimeTokens, identifiers, clock }: Dependencies) =>
  async ({ userId, tokenHash }: PresentedToken, context: RequestContext): Promise<void> => {
    const newEmail = accountIn(await commands.load(userAggregate, userId))?.newEmail ?? null;
    if (newEmail === null) throw new ApplicationError('token_invalid');
    const claimed: SignInIdentifier[] = [{ kind: 'email', value: newEmail }];
    await identifiers.claim(claimed, userId).catch((error: unknown) => {
      const taken = error instanceof ApplicationError && error.code === 'identifier_taken';
      throw taken ? new ApplicationError('token_invalid') : error;
    });
    try {
      const now = clock.now();
      const data = { tokenHash, undo: oneTimeTokens.issue('email_change_undo', now), now };
      await commands.execute(userAggregate, userId, { type: 'ConfirmEmailChange', data }, context);
    } catch (error) {
      await identifiers.release(claimed, userId).catch(() => undefined);
      throw error;
    }
  };
