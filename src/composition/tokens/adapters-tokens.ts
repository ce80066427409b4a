import type { EventCodec } from '../../adapters/event-store/event-codec.ts';
import type { EventStoreDb } from '../../adapters/event-store/eventstoredb/eventstoredb.ts';
import type { PostgresLog } from '../../adapters/event-store/postgres/postgres-log.ts';
import type { SubjectKeys } from '../../adapters/event-store/subject-keys.ts';
import type { HttpDependencies } from '../../adapters/http/app/fastify-app.ts';
import type { RequestPositions } from '../../adapters/http/app/request-positions.ts';
import type { ListCursors } from '../../adapters/http/lists/list-cursor.ts';
import type { OAuth } from '../../adapters/http/oauth/oauth-routes.ts';
import type { ResourceServerDirectory } from '../../adapters/ports/resource-server-directory.ts';
import type { SingleRunner } from '../../adapters/ports/single-runner.ts';
import type { Database } from '../../adapters/postgres/connection/connection.ts';
import type { PostgresRateLimiter } from '../../adapters/postgres/rate-limits/postgres-rate-limiter.ts';
import type { createCleanup } from '../../adapters/projections/cleanup.ts';
import type { SigningKeyStore } from '../../adapters/tokens/signing-key-store.ts';
import type { SigningKeys } from '../../adapters/tokens/signing-keys.ts';
import type { EventStore } from '../../application/kernel/event-store.ts';
import { token } from './token.ts';

export const adaptersTokens = {
  database: token<Database>('Database'),
  codec: token<EventCodec>('EventCodec'),
  subjectKeys: token<SubjectKeys>('SubjectKeys'),
  postgresEventStore: token<EventStore & PostgresLog>('PostgresEventStore'),
  /** Undefined where the log is in PostgreSQL. */
  eventStoreDb: token<EventStoreDb | undefined>('EventStoreDb'),
  requestPositions: token<RequestPositions>('RequestPositions'),
  resourceServers: token<ResourceServerDirectory>('ResourceServerDirectory'),
  runAlone: token<SingleRunner>('SingleRunner'),
  rateLimiter: token<PostgresRateLimiter>('RateLimiter'),
  signingKeyStore: token<SigningKeyStore>('SigningKeyStore'),
  signingKeys: token<SigningKeys>('SigningKeys'),
  cleanup: token<ReturnType<typeof createCleanup>>('Cleanup'),
  listCursors: token<ListCursors>('ListCursors'),
  oauth: token<OAuth>('OAuth'),
  http: token<HttpDependencies>('HttpDependencies'),
} as const;
