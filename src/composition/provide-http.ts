import { createRateLimits } from '../adapters/http/access/rate-limits.ts';
import { createMetrics } from '../adapters/http/routes/operations/metrics.ts';
import { createChangeProfile } from '../application/accounts/change-profile.ts';
import { createRegisterUser } from '../application/accounts/register-user.ts';
import { createRequestRegistration } from '../application/accounts/request-registration.ts';
import { createStartGuestSession } from '../application/accounts/start-guest-session.ts';
import { createUpgradeGuest } from '../application/accounts/upgrade-guest.ts';
import { createChangePassword } from '../application/credentials/change-password.ts';
import { createConfirmEmail } from '../application/credentials/confirm-email.ts';
import { createConfirmEmailChange } from '../application/credentials/confirm-email-change.ts';
import { createRequestEmailChange } from '../application/credentials/request-email-change.ts';
import { createRequestEmailVerification } from '../application/credentials/request-email-verification.ts';
import { createRequestPasswordReset } from '../application/credentials/request-password-reset.ts';
import { createResetPassword } from '../application/credentials/reset-password.ts';
import { createUndoEmailChange } from '../application/credentials/undo-email-change.ts';
import { createUseEmailLink } from '../application/credentials/use-email-link.ts';
import { createExportAccount } from '../application/erasure/export-account.ts';
import { declaredTables } from '../application/household-data/declared-tables.ts';
import { createRegisterInvitedUser } from '../application/households/invitations/register-invited-user.ts';
import { createEndSession } from '../application/sessions/end-session.ts';
import { createListSessions } from '../application/sessions/list-sessions.ts';
import { createRotateRefreshToken } from '../application/sessions/rotate-refresh-token.ts';
import { createSignIn } from '../application/sessions/sign-in.ts';
import { createReadinessCheck } from '../server/health/readiness.ts';
import { createReadMetrics } from '../server/health/readings.ts';
import type { CompositionModule } from './provide.ts';
import { tokens } from './system-tokens.ts';

const provideSignUp: CompositionModule = (provide, { registration }) => {
  const verifyFirst = registration === 'verify-first';
  provide(tokens.registration, (get) => {
    const registerUser = createRegisterUser({
      createAccount: get(tokens.createAccount),
      prepareSession: get(tokens.prepareSession),
      issueTokenPair: get(tokens.issueTokenPair),
    });
    return {
      verifyFirst,
      requestRegistration: createRequestRegistration({ createAccount: get(tokens.createAccount) }),
      registerUser,
      registerInvitedUser: createRegisterInvitedUser({
        commands: get(tokens.commands),
        openInvitation: get(tokens.openInvitation),
        hashAddress: get(tokens.hashAddress),
        registerUser,
        acceptInvitation: get(tokens.acceptInvitation),
        clock: get(tokens.clock),
      }),
    };
  });
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
      verifyFirst,
    }),
  );
};

const provideSignIn: CompositionModule = (provide, { session: policy }) => {
  provide(tokens.signIn, (get) =>
    createSignIn({
      commands: get(tokens.commands),
      accounts: get(tokens.accounts),
      passwords: get(tokens.passwords),
      prepareSession: get(tokens.prepareSession),
      issueTokenPair: get(tokens.issueTokenPair),
      revokeTokenFamily: get(tokens.revokeTokenFamily),
      respondInConstantTime: get(tokens.respondInConstantTime),
      clock: get(tokens.clock),
      policy,
    }),
  );
  provide(tokens.rotateRefreshToken, (get) =>
    createRotateRefreshToken({
      commands: get(tokens.commands),
      loadRefreshContext: get(tokens.loadRefreshContext),
      accounts: get(tokens.accounts),
      refreshTokens: get(tokens.refreshTokens),
      issueTokenPair: get(tokens.issueTokenPair),
      endSessions: get(tokens.endSessions),
      denylist: get(tokens.denylist),
      clock: get(tokens.clock),
      policy,
    }),
  );
};

/** Addresses and passwords: everything that goes by mail. */
const provideCredentials: CompositionModule = (provide) => {
  provide(tokens.mailRequests, (get) => {
    const dependencies = {
      commands: get(tokens.commands),
      accounts: get(tokens.accounts),
      oneTimeTokens: get(tokens.oneTimeTokens),
      respondInConstantTime: get(tokens.respondInConstantTime),
      clock: get(tokens.clock),
    };
    return {
      requestEmailVerification: createRequestEmailVerification(dependencies),
      requestPasswordReset: createRequestPasswordReset(dependencies),
    };
  });
  provide(tokens.useEmailLink, (get) => {
    const dependencies = {
      commands: get(tokens.commands),
      oneTimeTokens: get(tokens.oneTimeTokens),
      identifiers: get(tokens.identifiers),
      claimWishedIdentifiers: get(tokens.claimWishedIdentifiers),
      endSessionsAlongWith: get(tokens.endSessionsAlongWith),
      clock: get(tokens.clock),
    };
    return createUseEmailLink({
      oneTimeTokens: dependencies.oneTimeTokens,
      confirmEmail: createConfirmEmail(dependencies),
      confirmEmailChange: createConfirmEmailChange(dependencies),
      undoEmailChange: createUndoEmailChange(dependencies),
    });
  });
  provide(tokens.resetPassword, (get) =>
    createResetPassword({
      commands: get(tokens.commands),
      acceptPassword: get(tokens.acceptPassword),
      passwords: get(tokens.passwords),
      oneTimeTokens: get(tokens.oneTimeTokens),
      claimWishedIdentifiers: get(tokens.claimWishedIdentifiers),
      endSessionsAlongWith: get(tokens.endSessionsAlongWith),
      clock: get(tokens.clock),
    }),
  );
  provide(tokens.credentials, (get) => ({
    readProfile: get(tokens.readProfile),
    changePassword: createChangePassword({
      acceptPassword: get(tokens.acceptPassword),
      stepUp: get(tokens.stepUp),
      passwords: get(tokens.passwords),
      endSessionsAlongWith: get(tokens.endSessionsAlongWith),
      clock: get(tokens.clock),
    }),
    requestEmailChange: createRequestEmailChange({
      commands: get(tokens.commands),
      stepUp: get(tokens.stepUp),
      oneTimeTokens: get(tokens.oneTimeTokens),
      clock: get(tokens.clock),
    }),
  }));
};

/** What HTTP clients are served with. */
export const provideHttp: CompositionModule = (provide, config, surroundings) => {
  provideSignUp(provide, config, surroundings);
  provideSignIn(provide, config, surroundings);
  provideCredentials(provide, config, surroundings);
  provide(tokens.http, (get) => ({
    limits: createRateLimits(config.rateLimits ? get(tokens.rateLimiter) : undefined),
    authenticate: get(tokens.authenticate),
    requireAdmin: get(tokens.requireAdmin),
    stepUp: get(tokens.stepUp),
    registration: get(tokens.registration),
    startGuestSession: get(tokens.startGuestSession),
    upgradeGuest: get(tokens.upgradeGuest),
    signIn: get(tokens.signIn),
    rotateRefreshToken: get(tokens.rotateRefreshToken),
    listSessions: createListSessions({
      sessions: get(tokens.sessions),
      clock: get(tokens.clock),
    }),
    endSession: createEndSession({
      sessions: get(tokens.sessions),
      revokeTokenFamily: get(tokens.revokeTokenFamily),
    }),
    endSessions: get(tokens.endSessions),
    revokeAccessToken: get(tokens.revokeAccessToken),
    mailRequests: get(tokens.mailRequests),
    useEmailLink: get(tokens.useEmailLink),
    resetPassword: get(tokens.resetPassword),
    credentials: get(tokens.credentials),
    eraseAccount: get(tokens.eraseAccount),
    exportAccount: createExportAccount({
      users: get(tokens.users),
      sessions: get(tokens.sessions),
      households: get(tokens.householdDirectory),
      log: get(tokens.auditDirectory),
      eventStore: get(tokens.eventStore),
      inHousehold: get(tokens.householdScope),
      tables: declaredTables,
      clock: get(tokens.clock),
    }),
    administration: get(tokens.administration),
    householdTables: get(tokens.householdTables),
    readProfile: get(tokens.readProfile),
    changeProfile: createChangeProfile({
      commands: get(tokens.commands),
      identifiers: get(tokens.identifiers),
      readProfile: get(tokens.readProfile),
      clock: get(tokens.clock),
    }),
    households: get(tokens.households),
    householdMembers: get(tokens.householdMembers),
    invitations: get(tokens.invitations),
    invitationPages: {
      readInvitation: get(tokens.readInvitation),
      acceptInvitationByMail: get(tokens.acceptInvitationByMail),
      declineInvitation: get(tokens.declineInvitation),
      registerInvitedUser: get(tokens.registration).registerInvitedUser,
    },
    switchHousehold: get(tokens.switchHousehold),
    listDevelopmentMails: get(tokens.developmentOutbox)?.list,
    oauth: get(tokens.oauth),
    readJwks: get(tokens.signingKeys).jwks,
    checkReadiness: createReadinessCheck({
      database: get(tokens.database),
      denylist: get(tokens.denylist),
      eventStoreDb: get(tokens.eventStoreDb),
      logLease: get(tokens.logLease),
    }),
    metrics: createMetrics(
      createReadMetrics({
        mailQueue: get(tokens.mailQueue),
        eventStoreDb: get(tokens.eventStoreDb),
      }),
    ),
    requestPositions: get(tokens.requestPositions),
    reachPosition: get(tokens.eventStoreDb)?.reachPosition,
    newRequestId: get(tokens.ids).eventId,
    logLevel: config.logLevel,
    trustedProxies: config.trustedProxies,
    publicUrl: config.publicUrl,
  }));
};
