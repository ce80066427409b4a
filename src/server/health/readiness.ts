import { within } from '../../adapters/event-store/eventstoredb/client/eventstoredb-failures.ts';
import type { EventStoreDb } from '../../adapters/event-store/eventstoredb/eventstoredb.ts';
import type { ReadinessCheck } from '../../adapters/http/routes/operations/health-routes.ts';
import type { Database } from '../../adapters/postgres/connection/connection.ts';
import type { PostgresAccessTokenDenylist } from '../../adapters/postgres/sessions/postgres-access-token-denylist.ts';
import type { LogLease } from '../../application/event-log/log-lease.ts';

type Parts = Readonly<{
  database: Database;
  denylist: PostgresAccessTokenDenylist;
  eventStoreDb: EventStoreDb | undefined;
  logLease: Pick<LogLease, 'hasMoved'>;
}>;

/** A standby takes over within seconds; after this silence no process runs the projector. */
const SILENT_TOO_LONG_MS = 30_000;

/** A load balancer waits less long than a request may take. */
const ANSWER_WITHIN_MS = 2_000;

const works = (attempt: Promise<unknown>): Promise<boolean> =>
  attempt.then(
    () => true,
    () => false,
  );

const examineEventStore = async ({ client, checkpoint }: EventStoreDb) => {
  const [reachable, status] = await Promise.all([
    works(within(client.ping(), { limit: ANSWER_WITHIN_MS })),
    checkpoint.read().catch(() => undefined),
  ]);
  const { position = null, lagMilliseconds = 0, stuck, silentMilliseconds } = status ?? {};
  const atWork = (silentMilliseconds ?? Number.POSITIVE_INFINITY) < SILENT_TOO_LONG_MS;
  return {
    failing: [
      ...(reachable ? [] : ['event store']),
      ...(status !== undefined && stuck === undefined && atWork ? [] : ['projections']),
    ],
    projector: {
      position,
      lagMilliseconds,
      stuck: stuck === undefined ? null : { event: stuck.type, position: stuck.position },
    },
  };
};

/** Checks whether this process can serve: its dependencies answer and are up to date. */
export const createReadinessCheck =
  ({ database, denylist, eventStoreDb, logLease }: Parts): ReadinessCheck =>
  async () => {
    const [reachable, store] = await Promise.all([
      works(database.query({ text: 'SELECT 1' })),
      eventStoreDb && examineEventStore(eventStoreDb),
    ]);
    const failing = [
      ...(reachable ? [] : ['database']),
      ...(denylist.isFresh() ? [] : ['revocations']),
      ...(logLease.hasMoved() ? ['event log moved'] : []),
      ...(store?.failing ?? []),
    ];
    return { failing, ...(store && { projector: store.projector }) };
  };
