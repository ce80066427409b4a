import type { OneTimeTokens, PresentedToken } from '../identity/one-time-tokens.ts';
import type { Clock } from '../kernel/clock.ts';
import type { RequestContext } from '../kernel/request-context.ts';
import type { EndSessionsAlongWith } from '../sessions/end-sessions-along-with.ts';

type Dependencies = Readonly<{
  oneTimeTokens: OneTimeTokens;
  endSessionsAlongWith: EndSessionsAlongWith;
  clock: Clock;
}>;

export type UndoEmailChange = ReturnType<typeof createUndoEmailChange>;

/**
 * Restores the old address, removes the password, ends every session and sends a link for choosing
 * another password to the old address.
 * @throws ApplicationError or DomainError `token_invalid`
 */
export const createUndoEmailChange =
  ({ oneTimeTokens, endSessionsAlongWith, clock }: Dependencies) =>
  async ({ userId, tokenHash }: PresentedToken, context: RequestContext): Promise<void> => {
    const now = clock.now();
    const data = { tokenHash, reset: oneTimeTokens.issue('password_reset', now), now };
    await endSessionsAlongWith(
      { userId, command: { type: 'UndoEmailChange', data }, reason: 'password_changed' },
      context,
    );
  };
