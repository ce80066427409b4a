import { createStartGuestSession } from '../../../src/application/accounts/start-guest-session.ts';
import { createUpgradeGuest } from '../../../src/application/accounts/upgrade-guest.ts';
import { createConfirmEmail } from '../../../src/application/credentials/confirm-email.ts';
import { createAccountServices, PASSWORD } from '../identity/account-services.ts';
import { contextFrom } from '../sessions/session-services.ts';

export const ANN = 'ann@example.com';
/** What a guest enters to become a user. */
export const upgradeInput = {
  email: ` ${ANN.toUpperCase()}`,
  password: PASSWORD,
  username: ' Ann ',
};

/** Account services with the use cases of guests; the first guest is `user-1`. */
export const createGuestServices = ({ verifyFirst = true } = {}) => {
  const services = createAccountServices();
  const startGuestSession = createStartGuestSession(services);
  const upgradeGuest = createUpgradeGuest({ ...services, verifyFirst });
  const confirmEmail = createConfirmEmail(services);
  return {
    ...services,
    start: (input: Parameters<typeof startGuestSession>[0] = {}) =>
      startGuestSession(input, contextFrom()),
    upgrade: (input: Partial<Parameters<typeof upgradeGuest>[1]> = {}, userId = 'user-1') =>
      upgradeGuest(userId, { ...upgradeInput, ...input }, contextFrom()),
    /** Confirms the address of `user-1` with the `n`-th token that was issued. */
    confirm: (n: number) =>
      confirmEmail(
        { type: 'email_verification', userId: 'user-1', tokenHash: `hash of otp ${n}` },
        contextFrom(),
      ),
  };
};
