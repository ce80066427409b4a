import 'reflect-metadata'; // tsyringe refuses to load without it, decorators or not
import {
  type DependencyContainer,
  instanceCachingFactory,
  container as rootContainer,
} from 'tsyringe';
import { createEventCodec } from './adapters/event-store/event-codec.ts';
import { createEventRegistry } from './adapters/event-store/event-registry.ts';
import { createPersonalDataCipher } from './adapters/event-store/personal-data-cipher.ts';
import { createPostgresEventStore } from './adapters/event-store/postgres-event-store.ts';
import { createPostgresRefreshContextLoader } from './adapters/event-store/postgres-refresh-context-loader.ts';
import { eventDefinitions } from './adapters/event-store/schemas/event-definitions.ts';
import { createSubjectKeys } from './adapters/event-store/subject-keys.ts';
import { createArgon2PasswordHasher } from './adapters/hashing/argon2-password-hasher.ts';
import { createDatabase, type Database } from './adapters/postgres/connection.ts';
import { createKnexSessionDirectory } from './adapters/postgres/knex-session-directory.ts';
import { createKnexUserDirectory } from './adapters/postgres/knex-user-directory.ts';
import {
  createPostgresAccessTokenDenylist,
  type PostgresAccessTokenDenylist,
} from './adapters/postgres/postgres-access-token-denylist.ts';
import { createPostgresAccountDirectory } from './adapters/postgres/postgres-account-directory.ts';
import { createPostgresIdentifierRegistry } from './adapters/postgres/postgres-identifier-registry.ts';
import { createCleanup } from './adapters/projections/cleanup.ts';
import { createProjectionRebuilder } from './adapters/projections/rebuild.ts';
import { deriveKeyRing, type MasterKey } from './adapters/system/master-key.ts';
import { createRandomIdGenerator } from './adapters/system/random-id-generator.ts';
import { createSystemClock } from './adapters/system/system-clock.ts';
import { createHmacRefreshTokenCodec } from './adapters/tokens/hmac-refresh-token-codec.ts';
import { createJoseAccessTokens } from './adapters/tokens/jose-access-tokens.ts';
import { createSigningKeyStore } from './adapters/tokens/signing-key-store.ts';
import { createSigningKeys } from './adapters/tokens/signing-keys.ts';
import { tokenFamilyAggregate } from './application/aggregate.ts';
import { createCommandHandler } from './application/command-handler.ts';
import type { PasswordHasher } from './application/ports/password-hasher.ts';
import { createPrepareSession } from './application/prepare-session.ts';
import { projectEvent } from './application/projections/project-event.ts';
import { createRevokeTokenFamily } from './application/revoke-token-family.ts';
import { createIssueTokenPair } from './application/token-pair.ts';
import { createAuthenticate } from './application/use-cases/authenticate.ts';
import { createChangeProfile } from './application/use-cases/change-profile.ts';
import { createCreateAccount } from './application/use-cases/create-account.ts';
import { createDeactivateUser } from './application/use-cases/deactivate-user.ts';
import { createEndSession } from './application/use-cases/end-session.ts';
import { createEndSessions } from './application/use-cases/end-sessions.ts';
import { createListSessions } from './application/use-cases/list-sessions.ts';
import { createReactivateUser } from './application/use-cases/reactivate-user.ts';
import { createReadProfile } from './application/use-cases/read-profile.ts';
import { createRegisterUser } from './application/use-cases/register-user.ts';
import { createReplayTheft } from './application/use-cases/replay-theft.ts';
import { createRotateRefreshToken } from './application/use-cases/rotate-refresh-token.ts';
import { createSignIn } from './application/use-cases/sign-in.ts';
import type { Config } from './config.ts';
import { type Token, tokens } from './system-tokens.ts';

/** What only a running process knows. */
export type Surroundings = Readonly<{
  connectionString: string;
  masterKeys: readonly [current: MasterKey, ...previous: MasterKey[]];
}>;

/** Waiting sign-ins beyond this are refused at once: they would time out in the queue. */
const PASSWORD_QUEUE = 200;

/** One instance per container: `useFactory` alone would build a new one at every resolve. */
const provide = <T>(
  c: DependencyContainer,
  t: Token<T>,
  make: (get: <D>(dependency: Token<D>) => D) => NoInfer<T>,
) =>
  c.register<T>(t, {
    useFactory: instanceCachingFactory((from) => make((dependency) => from.resolve(dependency))),
  });

const provideAdapters = (
  c: DependencyContainer,
  config: Config,
  { connectionString, masterKeys }: Surroundings,
  passwords: PasswordHasher,
) => {
  const keysFor = (purpose: string) => deriveKeyRing(masterKeys, purpose);
  provide(c, tokens.clock, createSystemClock);
  provide(c, tokens.ids, createRandomIdGenerator);
  provide(c, tokens.passwords, () => passwords);
  provide(c, tokens.database, () => createDatabase({ connectionString }));
  provide(c, tokens.codec, () =>
    createEventCodec(
      createEventRegistry(eventDefinitions),
      createPersonalDataCipher(keysFor('subject-keys')),
    ),
  );
  provide(c, tokens.subjectKeys, (get) =>
    createSubjectKeys(get(tokens.database), get(tokens.codec)),
  );
  provide(c, tokens.eventStore, (get) =>
    createPostgresEventStore({
      database: get(tokens.database),
      codec: get(tokens.codec),
      subjectKeys: get(tokens.subjectKeys),
      project: projectEvent,
    }),
  );
  provide(c, tokens.loadRefreshContext, (get) =>
    createPostgresRefreshContextLoader({
      database: get(tokens.database),
      codec: get(tokens.codec),
      snapshotVersion: tokenFamilyAggregate.snapshotVersion,
    }),
  );
  provide(c, tokens.accounts, (get) => createPostgresAccountDirectory(get(tokens.database)));
  provide(c, tokens.users, (get) => createKnexUserDirectory(get(tokens.database)));
  provide(c, tokens.sessions, (get) => createKnexSessionDirectory(get(tokens.database)));
  provide(c, tokens.identifiers, (get) => createPostgresIdentifierRegistry(get(tokens.database)));
  provide(c, tokens.denylist, (get) => createPostgresAccessTokenDenylist(get(tokens.database)));
  provide(c, tokens.refreshTokens, () => createHmacRefreshTokenCodec(keysFor('refresh-tokens')));
  provide(c, tokens.signingKeyStore, (get) =>
    createSigningKeyStore({
      database: get(tokens.database),
      keys: keysFor('signing-keys'),
      algorithm: config.signingAlgorithm,
      clock: get(tokens.clock),
    }),
  );
  provide(c, tokens.signingKeys, (get) => createSigningKeys(get(tokens.signingKeyStore)));
  provide(c, tokens.accessTokens, (get) =>
    createJoseAccessTokens({
      signingKeys: get(tokens.signingKeys),
      issuer: config.publicUrl,
      audience: config.audience,
      clock: get(tokens.clock),
    }),
  );
  provide(c, tokens.projections, (get) =>
    createProjectionRebuilder({
      database: get(tokens.database),
      project: projectEvent,
      readAll: get(tokens.eventStore).readAll,
      readLocked: get(tokens.eventStore).readLocked,
    }),
  );
  provide(c, tokens.cleanup, (get) => createCleanup(get(tokens.database)));
};

const provideUseCases = (c: DependencyContainer, { session: policy }: Config) => {
  provide(c, tokens.commands, (get) =>
    createCommandHandler({ eventStore: get(tokens.eventStore), ids: get(tokens.ids) }),
  );
  provide(c, tokens.prepareSession, (get) =>
    createPrepareSession({
      commands: get(tokens.commands),
      refreshTokens: get(tokens.refreshTokens),
      ids: get(tokens.ids),
      policy,
    }),
  );
  provide(c, tokens.issueTokenPair, (get) =>
    createIssueTokenPair({
      accessTokens: get(tokens.accessTokens),
      refreshTokens: get(tokens.refreshTokens),
      accessTokenSeconds: policy.accessTokenSeconds,
    }),
  );
  provide(c, tokens.revokeTokenFamily, (get) =>
    createRevokeTokenFamily({
      commands: get(tokens.commands),
      denylist: get(tokens.denylist),
      clock: get(tokens.clock),
    }),
  );
  provide(c, tokens.createAccount, (get) =>
    createCreateAccount({
      commands: get(tokens.commands),
      identifiers: get(tokens.identifiers),
      passwords: get(tokens.passwords),
      ids: get(tokens.ids),
      clock: get(tokens.clock),
    }),
  );
  provide(c, tokens.endSessions, (get) =>
    createEndSessions({
      sessions: get(tokens.sessions),
      revokeTokenFamily: get(tokens.revokeTokenFamily),
    }),
  );
  provide(c, tokens.deactivateUser, (get) =>
    createDeactivateUser({
      commands: get(tokens.commands),
      endSessions: get(tokens.endSessions),
      clock: get(tokens.clock),
    }),
  );
  provide(c, tokens.reactivateUser, (get) =>
    createReactivateUser({ commands: get(tokens.commands), clock: get(tokens.clock) }),
  );
  provide(c, tokens.replayTheft, (get) =>
    createReplayTheft({ eventStore: get(tokens.eventStore) }),
  );
  provide(c, tokens.readProfile, (get) => createReadProfile({ users: get(tokens.users) }));
};

const provideHttp = (c: DependencyContainer, config: Config) => {
  const policy = config.session;
  provide(c, tokens.http, (get) => ({
    authenticate: createAuthenticate({
      accessTokens: get(tokens.accessTokens),
      denylist: get(tokens.denylist),
    }),
    registerUser: createRegisterUser({
      createAccount: get(tokens.createAccount),
      prepareSession: get(tokens.prepareSession),
      issueTokenPair: get(tokens.issueTokenPair),
    }),
    signIn: createSignIn({
      commands: get(tokens.commands),
      accounts: get(tokens.accounts),
      passwords: get(tokens.passwords),
      prepareSession: get(tokens.prepareSession),
      issueTokenPair: get(tokens.issueTokenPair),
      revokeTokenFamily: get(tokens.revokeTokenFamily),
      clock: get(tokens.clock),
      policy,
    }),
    rotateRefreshToken: createRotateRefreshToken({
      commands: get(tokens.commands),
      loadRefreshContext: get(tokens.loadRefreshContext),
      refreshTokens: get(tokens.refreshTokens),
      issueTokenPair: get(tokens.issueTokenPair),
      endSessions: get(tokens.endSessions),
      denylist: get(tokens.denylist),
      clock: get(tokens.clock),
      policy,
    }),
    listSessions: createListSessions({
      sessions: get(tokens.sessions),
      clock: get(tokens.clock),
    }),
    endSession: createEndSession({
      sessions: get(tokens.sessions),
      revokeTokenFamily: get(tokens.revokeTokenFamily),
    }),
    endSessions: get(tokens.endSessions),
    readProfile: get(tokens.readProfile),
    changeProfile: createChangeProfile({
      commands: get(tokens.commands),
      identifiers: get(tokens.identifiers),
      readProfile: get(tokens.readProfile),
      clock: get(tokens.clock),
    }),
    readJwks: get(tokens.signingKeys).jwks,
    checkReadiness: createReadinessCheck(get(tokens.database), get(tokens.denylist)),
    newRequestId: get(tokens.ids).eventId,
    logLevel: config.logLevel,
    trustedProxies: config.trustedProxies,
    publicUrl: config.publicUrl,
  }));
};

const createReadinessCheck =
  (database: Database, denylist: PostgresAccessTokenDenylist) =>
  async (): Promise<readonly string[]> => {
    const reachable = await database.query({ text: 'SELECT 1' }).then(
      () => true,
      () => false,
    );
    return [...(reachable ? [] : ['database']), ...(denylist.isFresh() ? [] : ['revocations'])];
  };

/** A table of contents of the whole system: who is made of what. Nothing is opened yet. */
export const compose = async (
  config: Config,
  surroundings: Surroundings,
): Promise<<T>(wanted: Token<T>) => T> => {
  const container = rootContainer.createChildContainer();
  const passwords = await createArgon2PasswordHasher({
    workers: config.passwordWorkers,
    maxQueue: PASSWORD_QUEUE,
  });
  provideAdapters(container, config, surroundings, passwords);
  provideUseCases(container, config);
  provideHttp(container, config);
  return (wanted) => container.resolve(wanted);
};
