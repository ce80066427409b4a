import { createEventStoreDbClient } from '../adapters/event-store/eventstoredb/client/eventstoredb-client.ts';
import { createCurrentAccountDirectory } from '../adapters/event-store/eventstoredb/current-account-directory.ts';
import { createCurrentAuditDirectory } from '../adapters/event-store/eventstoredb/current-audit-directory.ts';
import { createCurrentIdentifierClaims } from '../adapters/event-store/eventstoredb/current-identifier-claims.ts';
import type { EventStoreDb } from '../adapters/event-store/eventstoredb/eventstoredb.ts';
import { createEventStoreDbEventDirectory } from '../adapters/event-store/eventstoredb/eventstoredb-event-directory.ts';
import { createEventStoreDbEventStore } from '../adapters/event-store/eventstoredb/eventstoredb-event-store.ts';
import { createEventStoreDbImportDirectory } from '../adapters/event-store/eventstoredb/eventstoredb-import-directory.ts';
import { createEventStoreDbProjector } from '../adapters/event-store/eventstoredb/eventstoredb-projector.ts';
import { createEventStoreDbRebuildSource } from '../adapters/event-store/eventstoredb/eventstoredb-rebuild-source.ts';
import { createEventStoreDbRefreshContextLoader } from '../adapters/event-store/eventstoredb/eventstoredb-refresh-context-loader.ts';
import { createProjectedStreams } from '../adapters/event-store/eventstoredb/projected-streams.ts';
import { createProjectorCheckpoint } from '../adapters/event-store/eventstoredb/projector-checkpoint.ts';
import { createEventStoreDbLog } from '../adapters/event-store/eventstoredb/reading/eventstoredb-log.ts';
import { createEventStoreDbReading } from '../adapters/event-store/eventstoredb/reading/eventstoredb-reading.ts';
import { createEventStoreDbStreamReader } from '../adapters/event-store/eventstoredb/reading/eventstoredb-stream-read.ts';
import {
  createTransactions,
  TRANSACTION_CATEGORY,
} from '../adapters/event-store/eventstoredb/reading/eventstoredb-transactions.ts';
import { createRenewClaims } from '../adapters/event-store/eventstoredb/renew-claims.ts';
import { createLeasedEventStore } from '../adapters/event-store/leased-event-store.ts';
import {
  createPostgresAuditDirectory,
  indexStatements,
} from '../adapters/postgres/auditing/postgres-audit-directory.ts';
import { createPostgresAccountDirectory } from '../adapters/postgres/identity/postgres-account-directory.ts';
import { createPostgresIdentifierClaims } from '../adapters/postgres/identity/postgres-identifier-claims.ts';
import { tokenFamilyAggregate } from '../application/kernel/aggregate.ts';
import { streamCategories } from '../application/kernel/event-store.ts';
import { projectEvent } from '../application/projections/project-event.ts';
import type { CompositionModule } from './provide.ts';
import { tokens } from './system-tokens.ts';

/** @throws TypeError where the log is in PostgreSQL */
export const requireEventStoreDb = (parts: EventStoreDb | undefined): EventStoreDb => {
  if (parts === undefined) throw new TypeError('EventStoreDB is not configured');
  return parts;
};

/** Registers a log that lives in EventStoreDB and the projector that applies it to the tables. */
export const provideEventStoreDb: CompositionModule = (provide, { eventStoreDb }, { log }) => {
  if (eventStoreDb === undefined) throw new TypeError('EVENTSTOREDB_URL is not set');
  provide(tokens.eventStoreDb, (get) => {
    const database = get(tokens.database);
    const codec = get(tokens.codec);
    const client = createEventStoreDbClient({
      ...eventStoreDb,
      categories: [...streamCategories, TRANSACTION_CATEGORY],
      remaining: get(tokens.requestPositions).remaining,
    });
    const transactions = createTransactions(client);
    const reading = createEventStoreDbReading({ database, codec, transactions });
    const projectedStreams = createProjectedStreams({ project: projectEvent });
    const checkpoint = createProjectorCheckpoint(database);
    const eventLog = createEventStoreDbLog({
      client,
      reading,
      readPositions: checkpoint.positionsIn,
    });
    const store = createEventStoreDbEventStore({
      client,
      transactions,
      readHistory: createEventStoreDbStreamReader({ client, codec, reading, transactions }),
      log: eventLog,
      database,
      codec,
      subjectKeys: get(tokens.subjectKeys),
      project: projectEvent,
      projectedStreams,
      renewClaims: createRenewClaims(createPostgresIdentifierClaims(database)),
      onAppended: get(tokens.requestPositions).note,
    });
    const projector = createEventStoreDbProjector({
      database,
      follow: eventLog.follow,
      projectedStreams,
      checkpoint,
      catchUp: store.catchUp,
      log,
    });
    return {
      client,
      reading,
      log: eventLog,
      projectedStreams,
      checkpoint,
      store,
      projector,
      reachPosition: (position) => checkpoint.reach(position),
    };
  });
  provide(tokens.eventStore, (get) =>
    createLeasedEventStore(
      requireEventStoreDb(get(tokens.eventStoreDb)).store,
      get(tokens.logLease),
    ),
  );
  provide(tokens.loadRefreshContext, (get) =>
    createEventStoreDbRefreshContextLoader({
      database: get(tokens.database),
      historyOf: requireEventStoreDb(get(tokens.eventStoreDb)).store.historyOf,
      snapshotVersion: tokenFamilyAggregate.snapshotVersion,
    }),
  );
  provide(tokens.accounts, (get) =>
    createCurrentAccountDirectory({
      accounts: createPostgresAccountDirectory(get(tokens.database)),
      database: get(tokens.database),
      catchUp: requireEventStoreDb(get(tokens.eventStoreDb)).store.catchUpIfBehind,
    }),
  );
  provide(tokens.identifierClaims, (get) =>
    createCurrentIdentifierClaims({
      database: get(tokens.database),
      claims: createPostgresIdentifierClaims(get(tokens.database)),
      catchUpIfBehind: requireEventStoreDb(get(tokens.eventStoreDb)).store.catchUpIfBehind,
    }),
  );
  provide(tokens.events, (get) =>
    createEventStoreDbEventDirectory({
      database: get(tokens.database),
      readEvent: requireEventStoreDb(get(tokens.eventStoreDb)).client.readEvent,
    }),
  );
  provide(tokens.auditDirectory, (get) =>
    createCurrentAuditDirectory({
      directory: createPostgresAuditDirectory(get(tokens.database), indexStatements),
      log: requireEventStoreDb(get(tokens.eventStoreDb)).log,
      checkpoint: requireEventStoreDb(get(tokens.eventStoreDb)).checkpoint,
    }),
  );
  provide(tokens.importDirectory, (get) =>
    createEventStoreDbImportDirectory({
      database: get(tokens.database),
      readRest: requireEventStoreDb(get(tokens.eventStoreDb)).log.readRest,
    }),
  );
  provide(tokens.openRebuildSource, (get) =>
    createEventStoreDbRebuildSource({
      log: requireEventStoreDb(get(tokens.eventStoreDb)).log,
      projectedStreams: requireEventStoreDb(get(tokens.eventStoreDb)).projectedStreams,
      checkpoint: requireEventStoreDb(get(tokens.eventStoreDb)).checkpoint,
    }),
  );
};
