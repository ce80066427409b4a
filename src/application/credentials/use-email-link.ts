import type { OneTimeTokens, PresentedToken } from '../identity/one-time-tokens.ts';
import type { RequestContext } from '../kernel/request-context.ts';
import type { ConfirmEmail } from './confirm-email.ts';
import type { ConfirmEmailChange } from './confirm-email-change.ts';
import type { UndoEmailChange } from './undo-email-change.ts';

type Dependencies = Readonly<{
  oneTimeTokens: OneTimeTokens;
  confirmEmail: ConfirmEmail;
  confirmEmailChange: ConfirmEmailChange;
  undoEmailChange: UndoEmailChange;
}>;

type EmailTokenType = 'email_verification' | 'email_change' | 'email_change_undo';
type Use = (token: PresentedToken, context: RequestContext) => Promise<void>;

const ALL: readonly EmailTokenType[] = ['email_verification', 'email_change', 'email_change_undo'];

export type UseEmailLink = ReturnType<typeof createUseEmailLink>;

/**
 * Uses a link about an address: verifies it, completes a change of it, or reverts one.
 * @throws ApplicationError or DomainError `token_invalid`
 */
export const createUseEmailLink = ({
  oneTimeTokens,
  confirmEmail,
  confirmEmailChange,
  undoEmailChange,
}: Dependencies) => {
  const uses: Readonly<Record<EmailTokenType, Use>> = {
    email_verification: confirmEmail,
    email_change: confirmEmailChange,
    email_change_undo: undoEmailChange,
  };

  /** @returns the purpose of the token: one of `wanted` if any are given */
  return async (
    token: string,
    anonymous: RequestContext,
    ...wanted: readonly EmailTokenType[]
  ): Promise<EmailTokenType> => {
    const presented = await oneTimeTokens.open(token, ...(wanted.length === 0 ? ALL : wanted));
    // The holder of the token acts as its user.
    await uses[presented.type](presented, { ...anonymous, actor: presented.userId });
    return presented.type;
  };
};
