import { createConfirmEmail } from '../../../src/application/credentials/confirm-email.ts';
import { createConfirmEmailChange } from '../../../src/application/credentials/confirm-email-change.ts';
import { createRequestEmailChange } from '../../../src/application/credentials/request-email-change.ts';
import { createRequestEmailVerification } from '../../../src/application/credentials/request-email-verification.ts';
import { createUndoEmailChange } from '../../../src/application/credentials/undo-email-change.ts';
import { createUseEmailLink } from '../../../src/application/credentials/use-email-link.ts';
import { START } from '../events/token-family-fixtures.ts';
import { createAccountServices, PASSWORD } from '../identity/account-services.ts';
import { contextFrom } from '../sessions/session-services.ts';

export const ANN = 'ann@example.com';
export const ANNA = 'anna@example.com';
const AUTH_TIME = Date.parse(START) / 1_000;

type EmailTokenType = 'email_verification' | 'email_change' | 'email_change_undo';

/** Account services with the use cases about addresses. */
export const createEmailServices = () => {
  const services = createAccountServices();
  const confirmEmail = createConfirmEmail(services);
  const confirmEmailChange = createConfirmEmailChange(services);
  const undoEmailChange = createUndoEmailChange(services);
  const useEmailLink = createUseEmailLink({
    ...services,
    confirmEmail,
    confirmEmailChange,
    undoEmailChange,
  });
  const requestEmailVerification = createRequestEmailVerification(services);
  const requestEmailChange = createRequestEmailChange(services);
  return {
    ...services,
    confirmEmail,
    confirmEmailChange,
    undoEmailChange,
    /** Follows the link with the `n`-th token that was issued. */
    useLink: (n: number, ...wanted: readonly EmailTokenType[]) =>
      useEmailLink(`otp ${n}`, contextFrom(), ...wanted),
    requestVerification: (email: string) => requestEmailVerification(email, contextFrom()),
    requestChange: (userId: string, email: string, password: string | undefined = PASSWORD) =>
      requestEmailChange(
        { userId, sessionId: 'family-1', authTime: AUTH_TIME, email, password },
        contextFrom(),
      ),
    /** An account whose address waits for its verification. */
    signUpPending: (userId: string, email: string, username: string | null = null) =>
      services.signUp(userId, email, {
        username,
        pending: true,
        verification: services.oneTimeTokens.issue('email_verification', services.clock.now()),
      }),
  };
};

/** Ann's account with a session, a verified address and a requested change to `ANNA`. */
export const accountWithRequestedChange = async () => {
  const world = createEmailServices();
  await world.signUp('user_ann', ANN, { verification: 'verified' });
  await world.open();
  await world.requestChange('user_ann', ANNA);
  return world;
};
