import { createChangeProfile } from '../application/accounts/change-profile.ts';
import { createCreateAccount } from '../application/accounts/create-account.ts';
import { createReadProfile } from '../application/accounts/read-profile.ts';
import { createRegisterUser } from '../application/accounts/register-user.ts';
import { createRequestRegistration } from '../application/accounts/request-registration.ts';
import { createStartGuestSession } from '../application/accounts/start-guest-session.ts';
import { createUpgradeGuest } from '../application/accounts/upgrade-guest.ts';
import type { CompositionModule } from './provide.ts';
import { tokens } from './system-tokens.ts';

const provideRegistration: CompositionModule = (provide, { registration }) => {
  provide(tokens.createAccount, (get) =>
    createCreateAccount({
      commands: get(tokens.commands),
      identifiers: get(tokens.identifiers),
      acceptPassword: get(tokens.acceptPassword),
      passwords: get(tokens.passwords),
      oneTimeTokens: get(tokens.oneTimeTokens),
      prepareAccount: get(tokens.prepareAccount),
      ids: get(tokens.ids),
      clock: get(tokens.clock),
    }),
  );
  provide(tokens.registerUser, (get) =>
    createRegisterUser({
      createAccount: get(tokens.createAccount),
      prepareSession: get(tokens.prepareSession),
      issueTokenPair: get(tokens.issueTokenPair),
    }),
  );
  provide(tokens.registration, (get) => ({
    verifyFirst: registration === 'verify-first',
    requestRegistration: createRequestRegistration({ createAccount: get(tokens.createAccount) }),
    registerUser: get(tokens.registerUser),
    registerInvitedUser: get(tokens.registerInvitedUser),
  }));
};

const provideGuests: CompositionModule = (provide, { registration }) => {
  provide(tokens.startGuestSession, (get) =>
    createStartGuestSession({
      commands: get(tokens.commands),
      prepareAccount: get(tokens.prepareAccount),
      prepareSession: get(tokens.prepareSession),
      issueTokenPair: get(tokens.issueTokenPair),
      ids: get(tokens.ids),
      clock: get(tokens.clock),
    }),
  );
  provide(tokens.upgradeGuest, (get) =>
    createUpgradeGuest({
      commands: get(tokens.commands),
      accounts: get(tokens.accounts),
      identifiers: get(tokens.identifiers),
      acceptPassword: get(tokens.acceptPassword),
      passwords: get(tokens.passwords),
      oneTimeTokens: get(tokens.oneTimeTokens),
      clock: get(tokens.clock),
      verifyFirst: registration === 'verify-first',
    }),
  );
};

/** Registers registration, guests and profiles. */
export const provideAccounts: CompositionModule = (provide, config, environment) => {
  provideRegistration(provide, config, environment);
  provideGuests(provide, config, environment);
  provide(tokens.readProfile, (get) => createReadProfile({ users: get(tokens.users) }));
  provide(tokens.changeProfile, (get) =>
    createChangeProfile({
      commands: get(tokens.commands),
      identifiers: get(tokens.identifiers),
      readProfile: get(tokens.readProfile),
      clock: get(tokens.clock),
    }),
  );
};
