import { toPosition } from './adapters/event-store/eventstoredb/reading/eventstoredb-event-format.ts';
import { createFastifyApp } from './adapters/http/app/fastify-app.ts';
import { migrateUp } from './adapters/postgres/connection/migrations.ts';
import { projectedTables } from './application/projections/projected-tables.ts';
import { tokens } from './composition/system-tokens.ts';
import type { Config } from './configuration/config.ts';
import { printBanner } from './server/banner.ts';
import { type DemoAccount, seedDemo } from './server/demo-account.ts';
import { requireMasterKey, StartupFailure } from './server/health/startup-failure.ts';
import { leaseLog, requireKnownLog, requireLogLocation } from './server/log-location.ts';
import { openSystem, type System } from './server/open-system.ts';

type Log = (line: string) => void;

/** Time for open requests to finish after a signal, and for each further step of closing. */
const DRAIN_MS = 10_000;

/** Rebuilds projections that lack events: with them the service would accept revoked sessions. */
const bringProjectionsUpToDate = async ({ get }: System, log: Log): Promise<void> => {
  const projections = get(tokens.projections);
  const { status, events } = await projections.status();
  if (status === 'current') return;
  log(`rebuilding the projections from ${events} events`);
  await projections.rebuild(
    projectedTables.map(({ name }) => name),
    () => undefined,
  );
};

const openKeys = ({ get }: System): Promise<void> =>
  requireMasterKey(async () => {
    await get(tokens.signingKeyStore).ensureKeys();
    await get(tokens.signingKeys).load();
  });

/** Refuses a database without its row policies: households could read the rows of all others. */
const requireIsolation = async ({ get }: System): Promise<void> => {
  await get(tokens.checkLateReferences)();
  const problems = await get(tokens.checkIsolation)();
  if (problems.length === 0) return;
  throw new StartupFailure(`The database does not isolate households: ${problems.join('; ')}.`);
};

const listen = async (
  app: Awaited<ReturnType<typeof createFastifyApp>>,
  { host, port }: Config,
): Promise<string> => {
  try {
    return await app.listen({ host, port, listenTextResolver: () => 'listening' });
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
    const reason = {
      EADDRINUSE: `Port ${port} on ${host} is in use: set PORT to another one.`,
      EACCES: `Port ${port} needs more rights than this process has: set PORT to one above 1023.`,
      EADDRNOTAVAIL: `${host} is not an address of this machine: set HOST to one that is.`,
      ENOTFOUND: `${host} is not an address of this machine: set HOST to one that is.`,
    }[String(code)];
    throw reason === undefined ? cause : new StartupFailure(reason, { cause });
  }
};

/** Usually nothing is left to apply: writers apply their own events unless they crash. */
const CATCH_UP_MS = 30_000;

/** Starts the projector, in one process at a time, and waits until the tables are up to date. */
const startProjector = async ({ get }: System, log: Log): Promise<() => Promise<void>> => {
  const eventStoreDb = get(tokens.eventStoreDb);
  if (eventStoreDb === undefined) return async () => undefined;
  const { client, checkpoint, projector } = eventStoreDb;
  const runner = get(tokens.runAlone)('projector', projector.run);
  const end = await client.endOfLog();
  if (end !== undefined && !(await checkpoint.reach(toPosition(end), CATCH_UP_MS))) {
    log('the tables are behind the event log: serving while the projector catches up');
  }
  return runner.stop;
};

/** Starts sending mails, one process at a time; a rebuild of the tables sends none. */
const startMail = ({ get }: System, { mail, environment }: Config, log: Log) => {
  if (mail.smtpUrl === undefined && environment === 'production') {
    log('SMTP_URL is not set: mails wait in the queue, and users cannot verify an address');
  }
  const runner = get(tokens.runAlone)('mail', get(tokens.sendAccountMails));
  return async () => {
    await runner.stop();
    get(tokens.smtpMailer)?.close();
  };
};

/** Starts signing checkpoints, which later show whether the log was changed. */
const startCheckpoints = ({ get }: System, { checkpointSeconds }: Config) =>
  checkpointSeconds === 0
    ? async () => undefined
    : get(tokens.runAlone)('checkpoints', get(tokens.keepCheckpoints)).stop;

/** Closes in reverse order of opening; a step that takes longer than DRAIN_MS is abandoned. */
const closeAll = async (steps: readonly (() => Promise<unknown> | unknown)[]): Promise<void> => {
  for (const step of [...steps].reverse()) {
    await Promise.race([
      Promise.resolve()
        .then(step)
        .catch(() => undefined),
      new Promise((resolve) => setTimeout(resolve, DRAIN_MS).unref()),
    ]);
  }
};

export type RunningServer = Readonly<{ url: string; stop(): Promise<void> }>;

/** Opens everything in order and serves; closes what it has opened when a step fails. */
export const startServer = async (config: Config, log: Log): Promise<RunningServer> => {
  const opened: (() => Promise<unknown> | unknown)[] = [];
  const stop = () => closeAll(opened.splice(0));
  try {
    const system = await openSystem(config, log);
    opened.push(system.close);
    const applied = await migrateUp(system.connectionString);
    if (applied.length > 0) log(`migrations applied: ${applied.length}`);
    opened.push(system.get(tokens.logLease).stop);
    await leaseLog(system);
    await requireLogLocation(system);
    await requireKnownLog(system);
    await openKeys(system);
    opened.push(system.get(tokens.signingKeys).stop);
    await bringProjectionsUpToDate(system, log);
    const stopProjector = await startProjector(system, log);
    opened.push(stopProjector);
    await requireIsolation(system);
    await system.get(tokens.denylist).start();
    opened.push(system.get(tokens.denylist).stop);
    let demo: DemoAccount | undefined;
    if (config.seedDemo) demo = await seedDemo(system);
    opened.push(startMail(system, config, log));
    opened.push(startCheckpoints(system, config));
    const app = await createFastifyApp(system.get(tokens.http));
    opened.push(() => app.close());
    const url = await listen(app, config);
    printBanner({ config, url, database: system.databaseDescription, demo });
    return { url, stop };
  } catch (error) {
    await stop();
    throw error;
  }
};

/** Serves until SIGTERM or SIGINT; a second signal exits at once. */
export const runServer = async (config: Config, log: Log): Promise<void> => {
  const server = await startServer(config, log);
  let stopping = false;
  const onSignal = (signal: NodeJS.Signals) => {
    if (stopping) process.exit(1);
    stopping = true;
    log(`${signal}: finishing open requests`);
    void server.stop().then(() => process.exit(0));
  };
  process.on('SIGTERM', onSignal);
  process.on('SIGINT', onSignal);
};
