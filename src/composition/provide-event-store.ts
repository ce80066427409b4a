import { createEventCodec } from '../adapters/event-store/event-codec.ts';
import { createEventRegistry } from '../adapters/event-store/event-registry.ts';
import { createLeasedEventStore } from '../adapters/event-store/leased-event-store.ts';
import { createPersonalDataCipher } from '../adapters/event-store/personal-data-cipher.ts';
import { createPostgresEventStore } from '../adapters/event-store/postgres/postgres-event-store.ts';
import { createPostgresRebuildSource } from '../adapters/event-store/postgres/postgres-rebuild-source.ts';
import { createPostgresRefreshContextLoader } from '../adapters/event-store/postgres/postgres-refresh-context-loader.ts';
import { eventDefinitions } from '../adapters/event-store/schemas/event-definitions.ts';
import { createSubjectKeys } from '../adapters/event-store/subject-keys.ts';
import { createRequestPositions } from '../adapters/http/app/request-positions.ts';
import { createKnexEventDirectory } from '../adapters/postgres/auditing/knex-event-directory.ts';
import {
  createPostgresAuditDirectory,
  logStatements,
} from '../adapters/postgres/auditing/postgres-audit-directory.ts';
import { createPostgresAccountDirectory } from '../adapters/postgres/identity/postgres-account-directory.ts';
import { createPostgresIdentifierClaims } from '../adapters/postgres/identity/postgres-identifier-claims.ts';
import { createPostgresImportDirectory } from '../adapters/postgres/importing/postgres-import-directory.ts';
import { createProjectionRebuilder } from '../adapters/projections/rebuild.ts';
import { deriveKeyRing } from '../adapters/system/master-key.ts';
import { tokenFamilyAggregate } from '../application/kernel/aggregate.ts';
import { projectEvent } from '../application/projections/project-event.ts';
import type { CompositionModule } from './provide.ts';
import { provideEventStoreDb } from './provide-eventstoredb.ts';
import { tokens } from './system-tokens.ts';

/** Registers a log that lives in the same database as its projections. */
const providePostgresLog: CompositionModule = (provide) => {
  provide(tokens.eventStoreDb, () => undefined);
  provide(tokens.postgresEventStore, (get) =>
    createPostgresEventStore({
      database: get(tokens.database),
      codec: get(tokens.codec),
      subjectKeys: get(tokens.subjectKeys),
      project: projectEvent,
    }),
  );
  provide(tokens.eventStore, (get) =>
    createLeasedEventStore(get(tokens.postgresEventStore), get(tokens.logLease)),
  );
  provide(tokens.loadRefreshContext, (get) =>
    createPostgresRefreshContextLoader({
      database: get(tokens.database),
      codec: get(tokens.codec),
      snapshotVersion: tokenFamilyAggregate.snapshotVersion,
    }),
  );
  provide(tokens.accounts, (get) => createPostgresAccountDirectory(get(tokens.database)));
  provide(tokens.identifierClaims, (get) => createPostgresIdentifierClaims(get(tokens.database)));
  provide(tokens.events, (get) => createKnexEventDirectory(get(tokens.database)));
  provide(tokens.auditDirectory, (get) =>
    createPostgresAuditDirectory(get(tokens.database), logStatements),
  );
  provide(tokens.importDirectory, (get) => createPostgresImportDirectory(get(tokens.database)));
  provide(tokens.openRebuildSource, (get) =>
    createPostgresRebuildSource({
      database: get(tokens.database),
      codec: get(tokens.codec),
      log: get(tokens.postgresEventStore),
    }),
  );
};

/** Registers the event store, and every adapter that depends on the location of the log. */
export const provideEventStore: CompositionModule = (provide, config, environment) => {
  provide(tokens.codec, () =>
    createEventCodec(
      createEventRegistry(eventDefinitions),
      createPersonalDataCipher(deriveKeyRing(environment.masterKeys, 'subject-keys')),
    ),
  );
  provide(tokens.requestPositions, createRequestPositions);
  provide(tokens.subjectKeys, (get) => createSubjectKeys(get(tokens.database), get(tokens.codec)));
  const provideLog = config.eventStoreDb === undefined ? providePostgresLog : provideEventStoreDb;
  provideLog(provide, config, environment);
  provide(tokens.projections, (get) =>
    createProjectionRebuilder({
      database: get(tokens.database),
      project: projectEvent,
      openSource: get(tokens.openRebuildSource),
    }),
  );
};
