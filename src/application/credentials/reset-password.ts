import type { AcceptPassword } from '../identity/accept-password.ts';
import type { ClaimRequestedIdentifiers } from '../identity/claim-requested-identifiers.ts';
import type { OneTimeTokens } from '../identity/one-time-tokens.ts';
import type { PasswordHasher } from '../identity/password-hasher.ts';
import { userAggregate } from '../kernel/aggregate.ts';
import type { Clock } from '../kernel/clock.ts';
import type { CommandHandler } from '../kernel/command-handler.ts';
import type { RequestContext } from '../kernel/request-context.ts';
import type { EndSessionsAlongWith } from '../sessions/end-sessions-along-with.ts';

type Dependencies = Readonly<{
  commands: CommandHandler;
  acceptPassword: AcceptPassword;
  passwords: PasswordHasher;
  oneTimeTokens: OneTimeTokens;
  claimRequestedIdentifiers: ClaimRequestedIdentifiers;
  endSessionsAlongWith: EndSessionsAlongWith;
  clock: Clock;
}>;

type Input = Readonly<{ token: string; newPassword: string }>;

export type ResetPassword = ReturnType<typeof createResetPassword>;

/**
 * Sets a password by a token from a mail, ends every session and lifts a lock.
 * @throws ApplicationError or DomainError `token_invalid`; as `AcceptPassword`
 */
export const createResetPassword =
  ({
    commands,
    acceptPassword,
    passwords,
    oneTimeTokens,
    claimRequestedIdentifiers,
    endSessionsAlongWith,
    clock,
  }: Dependencies) =>
  async ({ token, newPassword }: Input, anonymous: RequestContext): Promise<void> => {
    acceptPassword(newPassword);
    const { userId, tokenHash } = await oneTimeTokens.open(token, 'password_reset');
    const context = { ...anonymous, actor: userId };
    const passwordHash = await passwords.hash(newPassword);
    const user = await commands.load(userAggregate, userId);
    const { usernameClaimed, releaseClaim } = await claimRequestedIdentifiers(userId, user);
    try {
      const data = { tokenHash, passwordHash, usernameClaimed, now: clock.now() };
      await endSessionsAlongWith(
        { userId, command: { type: 'ResetPassword', data }, reason: 'password_changed' },
        context,
      );
    } catch (error) {
      await releaseClaim();
      throw error;
    }
  };
