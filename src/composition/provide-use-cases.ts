import { createClaimWishedIdentifiers } from '../application/accounts/claim-wished-identifiers.ts';
import { createOneTimeTokens } from '../application/accounts/one-time-tokens.ts';
import { createPrepareAccount } from '../application/accounts/prepare-account.ts';
import { createCommandHandler } from '../application/command-handler.ts';
import { createAcceptPassword } from '../application/guards/accept-password.ts';
import { createKeepAnAdmin } from '../application/guards/keep-an-admin.ts';
import { createRequireAdmin } from '../application/guards/require-admin.ts';
import { createStepUp } from '../application/guards/step-up.ts';
import { createTakeAsLong } from '../application/guards/take-as-long.ts';
import { createEndSessionsAlongWith } from '../application/sessions/end-sessions-along-with.ts';
import { createPrepareSession } from '../application/sessions/prepare-session.ts';
import { createRevokeTokenFamily } from '../application/sessions/revoke-token-family.ts';
import { createStoreAlongWithSessions } from '../application/sessions/store-along-with-sessions.ts';
import { createIssueTokenPair } from '../application/sessions/token-pair.ts';
import { createAuthenticate } from '../application/use-cases/authenticate.ts';
import { createChangeRole } from '../application/use-cases/change-role.ts';
import { createChangeTier } from '../application/use-cases/change-tier.ts';
import { createCreateAccount } from '../application/use-cases/create-account.ts';
import { createDeactivateUser } from '../application/use-cases/deactivate-user.ts';
import { createEndSessions } from '../application/use-cases/end-sessions.ts';
import { createReactivateUser } from '../application/use-cases/reactivate-user.ts';
import { createReadProfile } from '../application/use-cases/read-profile.ts';
import { createRevokeAccessToken } from '../application/use-cases/revoke-access-token.ts';
import { createUnlockUser } from '../application/use-cases/unlock-user.ts';
import { tokens } from '../system-tokens.ts';
import type { Chapter } from './provide.ts';

/** What several use cases rest on. */
const provideWritePath: Chapter = (provide, { session: policy, oneTimeTokens: lifetimes }) => {
  provide(tokens.commands, (get) =>
    createCommandHandler({ eventStore: get(tokens.eventStore), ids: get(tokens.ids) }),
  );
  provide(tokens.acceptPassword, (get) => createAcceptPassword(get(tokens.passwordBlocklist)));
  provide(tokens.takeAsLong, (get) => createTakeAsLong(get(tokens.pause)));
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
const provideGuards: Chapter = (provide, { session: policy }) => {
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
      takeAsLong: get(tokens.takeAsLong),
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
const provideShared: Chapter = (provide) => {
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
export const provideUseCases: Chapter = (...chapter) => {
  provideWritePath(...chapter);
  provideGuards(...chapter);
  provideShared(...chapter);
};
