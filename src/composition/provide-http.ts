import { createRateLimits } from '../adapters/http/access/rate-limits.ts';
import { createListCursors } from '../adapters/http/lists/list-cursor.ts';
import { createMetrics } from '../adapters/http/routes/operations/metrics.ts';
import { deriveKeyRing } from '../adapters/system/master-key.ts';
import { createReadinessCheck } from '../server/health/readiness.ts';
import { createReadMetrics } from '../server/health/readings.ts';
import type { CompositionModule } from './provide.ts';
import { tokens } from './system-tokens.ts';

/** Registers what the HTTP routes need, the readiness check and the metrics. */
export const provideHttp: CompositionModule = (provide, config, { masterKeys }) => {
  provide(tokens.listCursors, () => createListCursors(deriveKeyRing(masterKeys, 'list-cursors')));
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
    listSessions: get(tokens.listSessions),
    endSession: get(tokens.endSession),
    endSessions: get(tokens.endSessions),
    revokeAccessToken: get(tokens.revokeAccessToken),
    mailRequests: get(tokens.mailRequests),
    useEmailLink: get(tokens.useEmailLink),
    resetPassword: get(tokens.resetPassword),
    credentials: get(tokens.credentials),
    eraseAccount: get(tokens.eraseAccount),
    exportAccount: get(tokens.exportAccount),
    administration: get(tokens.administration),
    householdTables: get(tokens.householdTables),
    readProfile: get(tokens.readProfile),
    changeProfile: get(tokens.changeProfile),
    households: get(tokens.households),
    householdMembers: get(tokens.householdMembers),
    invitations: get(tokens.invitations),
    invitationPages: {
      readInvitation: get(tokens.readInvitation),
      acceptInvitationByMail: get(tokens.acceptInvitationByMail),
      declineInvitation: get(tokens.declineInvitation),
      registerInvitedUser: get(tokens.registerInvitedUser),
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
