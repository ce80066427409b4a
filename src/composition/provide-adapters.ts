import { createPostgresExclusiveSection } from '../adapters/postgres/administration/postgres-exclusive-section.ts';
import { createDatabase } from '../adapters/postgres/connection/connection.ts';
import { createPostgresSingleRunner } from '../adapters/postgres/connection/postgres-single-runner.ts';
import { createKnexUserDirectory } from '../adapters/postgres/identity/knex-user-directory.ts';
import { createPostgresIdentifierClaims } from '../adapters/postgres/identity/postgres-identifier-claims.ts';
import { createPostgresIdentifierRegistry } from '../adapters/postgres/identity/postgres-identifier-registry.ts';
import { createPostgresOneTimeTokenDirectory } from '../adapters/postgres/identity/postgres-one-time-token-directory.ts';
import { createPostgresRateLimiter } from '../adapters/postgres/rate-limits/postgres-rate-limiter.ts';
import { createKnexSessionDirectory } from '../adapters/postgres/sessions/knex-session-directory.ts';
import { createPostgresAccessTokenDenylist } from '../adapters/postgres/sessions/postgres-access-token-denylist.ts';
import { createCleanup } from '../adapters/projections/cleanup.ts';
import { deriveKeyRing } from '../adapters/system/master-key.ts';
import { createRandomIdGenerator } from '../adapters/system/random-id-generator.ts';
import { createSystemClock } from '../adapters/system/system-clock.ts';
import { createSystemPause } from '../adapters/system/system-pause.ts';
import { createHmacOneTimeTokenCodec } from '../adapters/tokens/hmac-one-time-token-codec.ts';
import { createHmacRefreshTokenCodec } from '../adapters/tokens/hmac-refresh-token-codec.ts';
import { createJoseAccessTokens } from '../adapters/tokens/jose-access-tokens.ts';
import { createSigningKeyStore } from '../adapters/tokens/signing-key-store.ts';
import { createSigningKeys } from '../adapters/tokens/signing-keys.ts';
import type { CompositionModule } from './provide.ts';
import { provideEventStore } from './provide-event-store.ts';
import { tokens } from './system-tokens.ts';

const provideSystem: CompositionModule = (provide) => {
  provide(tokens.clock, createSystemClock);
  provide(tokens.pause, createSystemPause);
  provide(tokens.ids, createRandomIdGenerator);
};

const providePostgres: CompositionModule = (provide, _config, { connectionString, masterKeys }) => {
  provide(tokens.database, () => createDatabase({ connectionString }));
  provide(tokens.users, (get) => createKnexUserDirectory(get(tokens.database)));
  provide(tokens.sessions, (get) => createKnexSessionDirectory(get(tokens.database)));
  provide(tokens.oneTimeTokenDirectory, (get) =>
    createPostgresOneTimeTokenDirectory(get(tokens.database)),
  );
  provide(tokens.identifierClaims, (get) => createPostgresIdentifierClaims(get(tokens.database)));
  provide(tokens.identifiers, (get) =>
    createPostgresIdentifierRegistry(get(tokens.database), get(tokens.identifierClaims)),
  );
  provide(tokens.denylist, (get) => createPostgresAccessTokenDenylist(get(tokens.database)));
  provide(tokens.exclusively, (get) => createPostgresExclusiveSection(get(tokens.database)));
  provide(tokens.runAlone, (get) => createPostgresSingleRunner(get(tokens.database)));
  provide(tokens.rateLimiter, (get) =>
    createPostgresRateLimiter({
      database: get(tokens.database),
      secret: deriveKeyRing(masterKeys, 'rate-limits').current.bytes,
    }),
  );
  provide(tokens.cleanup, (get) =>
    createCleanup(get(tokens.database), {
      rate_limits: get(tokens.rateLimiter).removeExpired,
      invitation_addresses: get(tokens.invitationAddresses).removeSuperfluous,
      pending_accounts: get(tokens.eraseUnverifiedAccounts),
    }),
  );
};

const provideTokens: CompositionModule = (provide, config, { masterKeys }) => {
  const keysFor = (purpose: string) => deriveKeyRing(masterKeys, purpose);
  provide(tokens.refreshTokens, () => createHmacRefreshTokenCodec(keysFor('refresh-tokens')));
  provide(tokens.oneTimeTokenCodec, () => createHmacOneTimeTokenCodec(keysFor('one-time-tokens')));
  provide(tokens.signingKeyStore, (get) =>
    createSigningKeyStore({
      database: get(tokens.database),
      keys: keysFor('signing-keys'),
      algorithm: config.signingAlgorithm,
      clock: get(tokens.clock),
    }),
  );
  provide(tokens.signingKeys, (get) => createSigningKeys(get(tokens.signingKeyStore)));
  provide(tokens.accessTokens, (get) =>
    createJoseAccessTokens({
      signingKeys: get(tokens.signingKeys),
      issuer: config.publicUrl,
      audience: config.audience,
      clock: get(tokens.clock),
    }),
  );
};

/** What the application talks to. */
export const provideAdapters: CompositionModule = (...chapter) => {
  provideSystem(...chapter);
  providePostgres(...chapter);
  provideEventStore(...chapter);
  provideTokens(...chapter);
};
