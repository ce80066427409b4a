import type { Finding } from '../adapters/cli/operations/maintenance-commands.ts';
import { migrationStatus } from '../adapters/postgres/connection/migrations.ts';
import { tokens } from '../composition/system-tokens.ts';
import { type Config, readConfig } from '../configuration/config.ts';
import { describeFailure } from './health/startup-failure.ts';
import { problemWithLog } from './log-location.ts';
import type { System } from './open-system.ts';

type WithSystem = <Result>(work: (system: System) => Promise<Result>) => Promise<Result>;

const MIN_NODE = [20, 19] as const;

const examineNode = (): Finding => {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const old = major < MIN_NODE[0] || (major === MIN_NODE[0] && minor < MIN_NODE[1]);
  return {
    check: 'node',
    value: process.versions.node,
    ...(old && { problem: `Node ${process.versions.node} is too old: 20.19 or newer is needed.` }),
  };
};

/** Shows hosts and prefix, without credentials. */
const describeEventStore = ({ eventStoreDb }: Config): string => {
  if (eventStoreDb === undefined) return 'not set';
  const hosts = eventStoreDb.url.replace(/^[^:]+:\/\/([^@/]*@)?/, '').replace(/[/?].*$/, '');
  return eventStoreDb.prefix === '' ? hosts : `${hosts}, prefix ${eventStoreDb.prefix}`;
};

/** Shows of a secret only whether it is set. */
const describeConfig = (config: Config): readonly Finding[] => [
  { check: 'environment', value: config.environment },
  { check: 'address', value: `${config.host}:${config.port}` },
  { check: 'public URL', value: config.publicUrl },
  { check: 'data directory', value: config.dataDir },
  { check: 'DATABASE_URL', value: config.databaseUrl === undefined ? 'not set' : 'set' },
  { check: 'EVENTSTOREDB_URL', value: describeEventStore(config) },
  {
    check: 'LATCHKEY_MASTER_KEY',
    value: config.masterKeys === undefined ? 'from the data directory' : 'set',
  },
  { check: 'signing algorithm', value: config.signingAlgorithm },
  { check: 'registration', value: config.registration },
  { check: 'refresh grace', value: `${config.session.replay.graceSeconds} s` },
  { check: 'theft scope', value: config.session.theftScope },
  { check: 'rate limits', value: config.rateLimits ? 'on' : 'off' },
  { check: 'trusted proxies', value: config.trustedProxies.join(', ') || 'none' },
];

const describeMail = ({ smtpUrl, from, developmentInbox }: Config['mail']): Finding => {
  if (smtpUrl !== undefined) return { check: 'mail', value: `SMTP, from ${from}` };
  return developmentInbox
    ? { check: 'mail', value: 'development inbox' }
    : { check: 'mail', value: 'none', problem: 'Mails are not sent: set SMTP_URL.' };
};

const attempt = async (check: string, look: () => Promise<Finding>): Promise<Finding> => {
  try {
    return await look();
  } catch (error) {
    const fallback = error instanceof Error ? error.message : 'failed';
    return { check, value: 'failed', problem: describeFailure(error, check) ?? fallback };
  }
};

const examineMigrations = async ({ connectionString }: System): Promise<Finding> => {
  const { applied, pending } = await migrationStatus(connectionString);
  return {
    check: 'migrations',
    value: `${applied.length} applied`,
    ...(pending.length > 0 && {
      problem: `${pending.length} pending: run latchkey migrate up.`,
    }),
  };
};

const examineEventStore = async (system: System): Promise<Finding> => {
  const { get } = system;
  const eventStoreDb = get(tokens.eventStoreDb);
  await eventStoreDb?.client.ping();
  const misplaced = await problemWithLog(system);
  if (misplaced !== undefined) {
    return { check: 'event store', value: 'does not match this database', problem: misplaced };
  }
  if (eventStoreDb === undefined) return { check: 'event store', value: 'in the database' };
  const { stuck, lagMilliseconds } = await eventStoreDb.checkpoint.read();
  return {
    check: 'event store',
    value: `EventStoreDB, projector ${lagMilliseconds} ms behind`,
    ...(stuck && {
      problem: `The projector is stuck at ${stuck.type}, position ${stuck.position}.`,
    }),
  };
};

const examineProjections = async ({ get }: System): Promise<Finding> => {
  const { status, events } = await get(tokens.projections).status();
  return {
    check: 'projections',
    value: `current, ${events} events`,
    ...(status !== 'current' && {
      problem: 'The tables lack events of the log: run latchkey projections rebuild.',
    }),
  };
};

const examineIsolation = async ({ get }: System): Promise<Finding> => {
  const problems = await get(tokens.checkIsolation)();
  return problems.length === 0
    ? { check: 'households', value: 'isolated by the database' }
    : { check: 'households', value: 'not isolated', problem: `${problems.join('; ')}.` };
};

const examineKeys = async ({ get }: System): Promise<Finding> => {
  const store = get(tokens.signingKeyStore);
  const keys = await store.list();
  if (keys.length > 0) await store.load();
  return {
    check: 'signing keys',
    value: keys.length === 0 ? 'none yet' : keys.map(({ status }) => status).join(', '),
  };
};

const examineMail = async ({ get }: System): Promise<Finding> => {
  const smtp = get(tokens.smtpMailer);
  try {
    await smtp?.check();
    return { check: 'mail queue', value: `${await get(tokens.mailQueue).countWaiting()} waiting` };
  } finally {
    smtp?.close();
  }
};

const examineDatabase = async ({ get, databaseDescription }: System): Promise<Finding> => {
  const [row] = await get(tokens.database).query<{ version: string }>({
    text: "SELECT current_setting('server_version') AS version",
  });
  return { check: 'database', value: `PostgreSQL ${row?.version}, ${databaseDescription}` };
};

/** Checks Node.js, configuration, database, log, keys and mail; changes nothing. */
export const examine = async (withSystem: WithSystem): Promise<readonly Finding[]> => {
  let config: Config;
  try {
    config = readConfig();
  } catch (error) {
    const problem = describeFailure(error, '') ?? 'unreadable';
    return [examineNode(), { check: 'configuration', value: 'unusable', problem }];
  }
  const inside: Finding[] = [];
  const database = await attempt('database', () =>
    withSystem(async (system) => {
      const found = await examineDatabase(system);
      const migrations = await attempt('migrations', () => examineMigrations(system));
      inside.push(migrations);
      // All further checks read the tables.
      if (migrations.problem === undefined) {
        inside.push(
          await attempt('event store', () => examineEventStore(system)),
          await attempt('projections', () => examineProjections(system)),
          await attempt('households', () => examineIsolation(system)),
          await attempt('signing keys', () => examineKeys(system)),
          await attempt('mail queue', () => examineMail(system)),
        );
      }
      return found;
    }),
  );
  return [examineNode(), ...describeConfig(config), describeMail(config.mail), database, ...inside];
};
