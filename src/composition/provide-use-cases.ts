import { createCreateAccount } from '../application/accounts/create-account.ts';
import { createReadProfile } from '../application/accounts/read-profile.ts';
import { createChangeRole } from '../application/administration/change-role.ts';
import { createChangeTier } from '../application/administration/change-tier.ts';
import { createDeactivateUser } from '../application/administration/deactivate-user.ts';
import { createKeepAnAdmin } from '../application/administration/keep-an-admin.ts';
import { createReactivateUser } from '../application/administration/reactivate-user.ts';
import { createRequireAdmin } from '../application/administration/require-admin.ts';
import { createUnlockUser } from '../application/administration/unlock-user.ts';
import { createStepUp } from '../application/credentials/step-up.ts';
import { createAcceptPassword } from '../application/identity/accept-password.ts';
import { createClaimWishedIdentifiers } from '../application/identity/claim-wished-identifiers.ts';
import { createOneTimeTokens } from '../application/identity/one-time-tokens.ts';
import { createPrepareAccount } from '../application/identity/prepare-account.ts';
import { createCommandHandler } from '../application/kernel/command-handler.ts';
import { createRespondInConstantTime } from '../application/kernel/constant-time-response.ts';
import { createAuthenticate } from '../application/sessions/authenticate.ts';
import { createEndSessions } from '../application/sessions/end-sessions.ts';
import { createEndSessionsAlongWith } from '../application/sessions/end-sessions-along-with.ts';
import { createPrepareSession } from '../application/sessions/prepare-session.ts';
import { createRevokeAccessToken } from '../application/sessions/revoke-access-token.ts';
import { createRevokeTokenFamily } from '../application/sessions/revoke-token-family.ts';
import { createStoreAlongWithSessions } from '../application/sessions/store-along-with-sessions.ts';
import { createIssueTokenPair } from '../application/sessions/token-pair.ts';
import type { CompositionModule } from './provide.ts';
import { tokens } from './system-tokens.ts';

/** What several use cases rest on. */
const provideWritePath: CompositionModule = (
  provide,
  { session: policy, oneTimeTokens: lifetimes },
) => {
  provide(tokens.commands, (get) =>
    createCommandHandler({ eventStore: get(tokens.eventStore), ids: get(tokens.ids) }),
  );
  provide(tokens.acceptPassword, (get) => createAcceptPassword(get(tokens.passwordBlocklist)));
  provide(tokens.respondInConstantTime, (get) => createRespondInConstantTime(get(tokens.pause)));
  provide(tokens.oneTimeTokens, (get) =>
    createOneTimeTokens({
      codec: get(tokens.oneTimeTokenCodec),
      directory: get(tokens.oneTimeTokenDirectory),
      lifetimes,
    }),
  );
  provide(tokens.claimWishedIdentifiers, (get) =>
    createClaimWishedIdentifiers(get(tokens.identifiers)),
  );
  provide(tokens.prepareAccount, (get) =>
    createPrepareAccount({ commands: get(tokens.commands), ids: get(tokens.ids) }),
  );
  provide(tokens.prepareSession, (get) =>
    createPrepareSession({
      commands: get(tokens.commands),
      refreshTokens: get(tokens.refreshTokens),
      ids: get(tokens.ids),
      policy,
    }),
  );
  provide(tokens.issueTokenPair, (get) =>
    createIssueTokenPair({
      accessTokens: get(tokens.accessTokens),
      refreshTokens: get(tokens.refreshTokens),
      accessTokenSeconds: policy.accessTokenSeconds,
    }),
  );
  provide(tokens.revokeTokenFamily, (get) =>
    createRevokeTokenFamily({
      commands: get(tokens.commands),
      denylist: get(tokens.denylist),
      clock: get(tokens.clock),
    }),
  );
  provide(tokens.storeAlongWithSessions, (get) =>
    createStoreAlongWithSessions({
      commands: get(tokens.commands),
      denylist: get(tokens.denylist),
    }),
  );
  provide(tokens.endSessionsAlongWith, (get) =>
    createEndSessionsAlongWith({
      commands: get(tokens.commands),
      sessions: get(tokens.sessions),
      storeAlongWithSessions: get(tokens.storeAlongWithSessions),
    }),
  );
};

/** Who may do what counts for more than an access token. */
const provideGuards: CompositionModule = (provide, { session: policy }) => {
  provide(tokens.authenticate, (get) =>
    createAuthenticate({
      accessTokens: get(tokens.accessTokens),
      denylist: get(tokens.denylist),
    }),
  );
  provide(tokens.stepUp, (get) =>
    createStepUp({
      commands: get(tokens.commands),
      accounts: get(tokens.accounts),
      sessions: get(tokens.sessions),
      passwords: get(tokens.passwords),
      respondInConstantTime: get(tokens.respondInConstantTime),
      clock: get(tokens.clock),
      policy,
    }),
  );
  provide(tokens.requireAdmin, (get) => createRequireAdmin({ accounts: get(tokens.accounts) }));
  provide(tokens.keepAnAdmin, (get) =>
    createKeepAnAdmin({ accounts: get(tokens.accounts), exclusively: get(tokens.exclusively) }),
  );
};

/** What both the HTTP routes and the command line offer. */
const provideShared: CompositionModule = (provide) => {
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
  provide(tokens.endSessions, (get) =>
    createEndSessions({
      sessions: get(tokens.sessions),
      revokeTokenFamily: get(tokens.revokeTokenFamily),
    }),
  );
  provide(tokens.changeRole, (get) =>
    createChangeRole({
      commands: get(tokens.commands),
      keepAnAdmin: get(tokens.keepAnAdmin),
      clock: get(tokens.clock),
    }),
  );
  provide(tokens.changeTier, (get) =>
    createChangeTier({ commands: get(tokens.commands), clock: get(tokens.clock) }),
  );
  provide(tokens.unlockUser, (get) =>
    createUnlockUser({ commands: get(tokens.commands), clock: get(tokens.clock) }),
  );
  provide(tokens.deactivateUser, (get) =>
    createDeactivateUser({
      keepAnAdmin: get(tokens.keepAnAdmin),
      endSessionsAlongWith: get(tokens.endSessionsAlongWith),
      clock: get(tokens.clock),
    }),
  );
  provide(tokens.reactivateUser, (get) =>
    createReactivateUser({ commands: get(tokens.commands), clock: get(tokens.clock) }),
  );
  provide(tokens.revokeAccessToken, (get) =>
    createRevokeAccessToken({
      commands: get(tokens.commands),
      accounts: get(tokens.accounts),
      sessions: get(tokens.sessions),
      denylist: get(tokens.denylist),
      clock: get(tokens.clock),
    }),
  );
  provide(tokens.readProfile, (get) => createReadProfile({ users: get(tokens.users) }));
};

/** What the application does. */
export const provideUseCases: CompositionModule = (...chapter) => {
  provideWritePath(...chapter);
  provideGuards(...chapter);
  provideShared(...chapter);
};
