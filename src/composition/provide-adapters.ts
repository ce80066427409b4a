import { createDatabase } from '../adapters/postgres/connection/connection.ts';
import { createPostgresSingleRunner } from '../adapters/postgres/connection/postgres-single-runner.ts';
import { createPostgresRateLimiter } from '../adapters/postgres/rate-limits/postgres-rate-limiter.ts';
import { createCleanup } from '../adapters/projections/cleanup.ts';
import { deriveKeyRing } from '../adapters/system/master-key.ts';
import { createRandomIdGenerator } from '../adapters/system/random-id-generator.ts';
import { createSystemClock } from '../adapters/system/system-clock.ts';
import { createSystemPause } from '../adapters/system/system-pause.ts';
import { createSigningKeyStore } from '../adapters/tokens/signing-key-store.ts';
import { createSigningKeys } from '../adapters/tokens/signing-keys.ts';
import { createCommandHandler } from '../application/kernel/command-handler.ts';
import { createRespondInConstantTime } from '../application/kernel/constant-time-response.ts';
import type { CompositionModule } from './provide.ts';
import { tokens } from './system-tokens.ts';

const provideKernel: CompositionModule = (provide) => {
  provide(tokens.clock, createSystemClock);
  provide(tokens.pause, createSystemPause);
  provide(tokens.ids, createRandomIdGenerator);
  provide(tokens.commands, (get) =>
    createCommandHandler({ eventStore: get(tokens.eventStore), ids: get(tokens.ids) }),
  );
  provide(tokens.respondInConstantTime, (get) => createRespondInConstantTime(get(tokens.pause)));
};

const providePostgres: CompositionModule = (provide, _config, { connectionString, masterKeys }) => {
  provide(tokens.database, () => createDatabase({ connectionString }));
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

const provideSigningKeys: CompositionModule = (provide, { signingAlgorithm }, { masterKeys }) => {
  provide(tokens.signingKeyStore, (get) =>
    createSigningKeyStore({
      database: get(tokens.database),
      keys: deriveKeyRing(masterKeys, 'signing-keys'),
      algorithm: signingAlgorithm,
      clock: get(tokens.clock),
    }),
  );
  provide(tokens.signingKeys, (get) => createSigningKeys(get(tokens.signingKeyStore)));
};

/** Registers the adapters that belong to no room, and the kernel. */
export const provideAdapters: CompositionModule = (...args) => {
  provideKernel(...args);
  providePostgres(...args);
  provideSigningKeys(...args);
};
