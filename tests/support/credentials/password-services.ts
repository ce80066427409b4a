import { createChangePassword } from '../../../src/application/credentials/change-password.ts';
import { createRequestPasswordReset } from '../../../src/application/credentials/request-password-reset.ts';
import { createResetPassword } from '../../../src/application/credentials/reset-password.ts';
import { START } from '../events/token-family-fixtures.ts';
import { createAccountServices, NEW_PASSWORD } from '../identity/account-services.ts';
import { contextFrom } from '../sessions/session-services.ts';

export const ANN = 'ann@example.com';
/** When the sessions of `verifiedAccount` began, as their access tokens say. */
export const AUTH_TIME = Date.parse(START) / 1_000;

/** Account services with the use cases about passwords. */
export const createPasswordServices = () => {
  const services = createAccountServices();
  const requestPasswordReset = createRequestPasswordReset(services);
  const resetPassword = createResetPassword(services);
  const changePassword = createChangePassword(services);
  return {
    ...services,
    requestReset: (email: string) => requestPasswordReset(email, contextFrom()),
    /** Uses the `n`-th token that was issued. */
    reset: (n: number, newPassword = NEW_PASSWORD) =>
      resetPassword({ token: `otp ${n}`, newPassword }, contextFrom()),
    change: (password: string | undefined, newPassword = NEW_PASSWORD) =>
      changePassword(
        { userId: 'user_ann', sessionId: 'family-1', authTime: AUTH_TIME, password, newPassword },
        contextFrom(),
      ),
    currentHash: async () => (await services.accounts.findById('user_ann'))?.passwordHash,
  };
};

/** Ann's account with a verified address and two sessions, `family-1` and `family-2`. */
export const verifiedAccount = async () => {
  const world = createPasswordServices();
  await world.signUp('user_ann', ANN, { verification: 'verified' });
  await world.open();
  await world.open();
  return world;
};
