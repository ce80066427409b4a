import { randomBytes } from 'node:crypto';
import { createEventStoreDbProjector } from '../../../src/adapters/event-store/eventstoredb/eventstoredb-projector.ts';
import { toPosition } from '../../../src/adapters/event-store/eventstoredb/reading/eventstoredb-event-format.ts';
import type { LogPage } from '../../../src/adapters/event-store/eventstoredb/reading/eventstoredb-log.ts';
import type { Position } from '../../../src/application/kernel/event-store.ts';
import { projectedTables } from '../../../src/application/projections/projected-tables.ts';
import { tokens } from '../../../src/composition/system-tokens.ts';
import {
  type EventStoreDouble,
  type EventStoreDoubleOptions,
  startEventStoreDouble,
} from '../event-store-double/event-store-double.ts';
import { eventually } from '../kernel/eventually.ts';
import { type ComposedSystem, openComposedSystem } from '../servers/composed-system.ts';
import { newMasterKey } from '../servers/latchkey-process.ts';
import { type RunningApp, startRunningApp } from '../servers/running-app.ts';
import { createTestDatabase } from '../servers/test-database.ts';

type Environment = Readonly<Record<string, string>>;

/**
 * Processes that share a log in EventStoreDB and a database. A test must start the projector
 * itself.
 */
export type SharedLog = Readonly<{
  double: EventStoreDouble;
  connectionString: string;
  environment: Environment;
  /** Opens another process, which is closed with the others. */
  open(): Promise<ComposedSystem>;
  /** Opens a process that serves HTTP. */
  serve(environment?: Environment): Promise<RunningApp>;
  /** Opens a process whose projections all fail. */
  openCrashing(): Promise<ComposedSystem>;
  close(): Promise<void>;
}>;

/**
 * Makes updates of stream heads fail on connections that request it, so that nothing is projected.
 */
const REFUSE = `
  CREATE FUNCTION refuse_crashing() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN
    IF current_setting('latchkey.crashes', true) = 'on' THEN RAISE EXCEPTION 'crashed'; END IF;
    RETURN NEW;
  END $$;
  CREATE TRIGGER refuse_crashing BEFORE INSERT OR UPDATE ON streams
    FOR EACH ROW EXECUTE FUNCTION refuse_crashing()`;

export const openSharedLog = async (options?: EventStoreDoubleOptions): Promise<SharedLog> => {
  const double = await startEventStoreDouble(options);
  const database = await createTestDatabase();
  const { connectionString } = database;
  const environment = {
    EVENTSTOREDB_URL: double.connectionString,
    LATCHKEY_EVENTSTOREDB_PREFIX: `t${randomBytes(6).toString('hex')}.`,
    LATCHKEY_MASTER_KEY: newMasterKey(),
  };
  const opened: Pick<ComposedSystem, 'close'>[] = [];
  const keep = <System extends Pick<ComposedSystem, 'close'>>(system: System): System => {
    opened.push(system);
    return system;
  };
  const open = async (at = connectionString) =>
    keep(await openComposedSystem(environment, { connectionString: at }));
  const { sql } = await open();
  await sql(`UPDATE event_log SET home = 'eventstoredb'`);
  await sql(REFUSE);
  return {
    double,
    connectionString,
    environment,
    open: () => open(),
    serve: async (more = {}) =>
      keep(await startRunningApp({ ...environment, ...more }, { connectionString })),
    openCrashing: () => {
      const separator = connectionString.includes('?') ? '&' : '?';
      return open(`${connectionString}${separator}options=-c%20latchkey.crashes%3Don`);
    },
    close: async () => {
      for (const system of opened.reverse()) await system.close();
      await database.drop();
      await double.stop();
    },
  };
};

/** The EventStoreDB parts of a system. */
export const partsOf = ({ get }: Pick<ComposedSystem, 'get'>) => {
  const parts = get(tokens.eventStoreDb);
  if (parts === undefined) throw new TypeError('its log is in PostgreSQL');
  return parts;
};

const untilStopped = (run: (signal: AbortSignal) => Promise<void>): (() => Promise<void>) => {
  const stopping = new AbortController();
  const running = run(stopping.signal);
  return async () => {
    stopping.abort();
    await running;
  };
};

/** Starts the projector. @returns a function that stops it and waits for its end */
export const startProjector = (system: Pick<ComposedSystem, 'get'>): (() => Promise<void>) =>
  untilStopped(partsOf(system).projector.run);

const endOf = async (system: Pick<ComposedSystem, 'get'>): Promise<Position | undefined> => {
  const end = await partsOf(system).client.endOfLog();
  return end && toPosition(end);
};

/** Waits until the projector has reached the present end of the log. */
export const projected = async (system: Pick<ComposedSystem, 'get'>): Promise<void> => {
  const end = await endOf(system);
  if (end === undefined) throw new TypeError('the log is empty');
  await eventually(
    async () => ((await partsOf(system).checkpoint.read()).position ?? '') >= end,
    'the projector reaches the end of the log',
  );
};

/** Deletes all projections; only the data keys remain. */
export const forgetProjections = async ({ sql }: Pick<ComposedSystem, 'sql'>): Promise<void> => {
  const tables = projectedTables.map(({ name }) => name);
  await sql(`TRUNCATE ${tables}, streams, event_index, projector_checkpoints CASCADE`);
};

/** Starts work that never finishes and waits until the log has `events` more events. */
export const crashDuring = async (
  { double }: Pick<SharedLog, 'double'>,
  events: number,
  work: () => Promise<unknown>,
): Promise<void> => {
  const before = double.events().length;
  void work().catch(() => undefined);
  await eventually(() => double.events().length >= before + events, 'the log has its events');
};

/** Starts a system's projector with pages from a test. @returns a function that stops it */
export const startProjectorWith = (
  system: Pick<ComposedSystem, 'get'>,
  follow: (after: Position | undefined, signal: AbortSignal) => AsyncIterable<LogPage>,
  said: string[] = [],
): (() => Promise<void>) => {
  const { projectedStreams, checkpoint, store } = partsOf(system);
  const projector = createEventStoreDbProjector({
    database: system.get(tokens.database),
    follow,
    projectedStreams,
    checkpoint,
    catchUp: store.catchUp,
    log: (line) => said.push(line),
  });
  return untilStopped(projector.run);
};
