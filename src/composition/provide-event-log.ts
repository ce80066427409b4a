import { createLogCopy } from '../adapters/event-store/log-copy/event-log-copy.ts';
import { createPostgresLogLease } from '../adapters/postgres/event-log/postgres-log-lease.ts';
import type { CompositionModule } from './provide.ts';
import { requireEventStoreDb } from './provide-eventstoredb.ts';
import { tokens } from './system-tokens.ts';

/** Registers the lease of the event log, and its copy where there are two stores. */
export const provideEventLog: CompositionModule = (provide, { eventStoreDb }) => {
  const location = eventStoreDb === undefined ? 'postgres' : 'eventstoredb';
  provide(tokens.logLease, (get) => createPostgresLogLease(get(tokens.database), location));
  if (eventStoreDb === undefined) return;
  provide(tokens.copyLog, (get) =>
    createLogCopy({
      database: get(tokens.database),
      eventStoreDb: requireEventStoreDb(get(tokens.eventStoreDb)),
    }),
  );
};
