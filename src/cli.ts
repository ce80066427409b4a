import { Command, CommanderError } from 'commander';
import { addUsersCommands } from './adapters/cli/administration/users-commands.ts';
import { addAdoptCommand } from './adapters/cli/adopting/adopt-command.ts';
import { addAdoptFollowUpCommands } from './adapters/cli/adopting/adopt-follow-up-commands.ts';
import { addAuditCommands } from './adapters/cli/auditing/audit-commands.ts';
import { addEventsCommands } from './adapters/cli/event-log/events-commands.ts';
import { addKeysCommands } from './adapters/cli/operations/keys-commands.ts';
import { addMaintenanceCommands } from './adapters/cli/operations/maintenance-commands.ts';
import { addMigrateCommands } from './adapters/cli/operations/migrate-commands.ts';
import { addResourceServersCommands } from './adapters/cli/operations/resource-servers-commands.ts';
import { processOutput } from './adapters/cli/output/output.ts';
import { UsageError } from './adapters/cli/output/usage-error.ts';
import { addProjectionsCommands } from './adapters/cli/projections/projections-commands.ts';
import {
  migrateDown,
  migrateUp,
  migrationStatus,
} from './adapters/postgres/connection/migrations.ts';
import { createAfterRestore } from './adapters/postgres/event-log/after-restore.ts';
import { verifyOffline } from './adapters/tokens/offline-evidence.ts';
import { checkSignedReport, THEFT_REPORT } from './application/auditing/theft/theft-report.ts';
import type { CopyLog } from './application/event-log/log-copy.ts';
import { tokens } from './composition/system-tokens.ts';
import { type Config, readConfig } from './configuration/config.ts';
import { examine } from './server/doctor.ts';
import {
  describeFailure,
  requireMasterKey,
  requireMigrated,
  StartupFailure,
} from './server/health/startup-failure.ts';
import {
  leaseLog,
  requireKnownLog,
  requireLogLocation,
  requireOwnLog,
} from './server/log-location.ts';
import { describeDatabaseUrl, openSystem, type System } from './server/open-system.ts';

const FAILED = 1;
const MISUSED = 2;

const log = (line: string): void => processOutput.err(`latchkey: ${line}`);
const quiet = (): void => undefined;

/** The database as failure messages name it; set once the configuration is read. */
let database = 'none yet';

const describeDatabase = ({ databaseUrl }: Config): string =>
  databaseUrl === undefined ? 'embedded PostgreSQL' : describeDatabaseUrl(databaseUrl);

/** Runs one command on an open system, and closes the system even when the command fails. */
const withSystem = async <Result>(work: (system: System) => Promise<Result>): Promise<Result> => {
  const config = readConfig();
  database = describeDatabase(config);
  const system = await openSystem(config, quiet);
  try {
    return await work(system);
  } finally {
    await system.close();
  }
};

/** Checks the master key: the service could not read what a command seals with another one. */
const openKeys = async ({ get }: System): Promise<void> => {
  const keys = get(tokens.signingKeyStore);
  if ((await keys.list()).length > 0) await keys.load();
};

/** Runs a command that needs the current schema, the lease of the log and the right master key. */
const withMigratedSystem = <Result>(
  work: (system: System) => Promise<Result>,
  { restored = false } = {},
): Promise<Result> =>
  withSystem(async (system) => {
    requireMigrated(await migrationStatus(system.connectionString));
    try {
      await leaseLog(system);
      await requireLogLocation(system);
      if (!restored) await requireKnownLog(system);
      await requireMasterKey(() => openKeys(system));
      return await work(system);
    } finally {
      await system.get(tokens.logLease).stop();
    }
  });

/** Runs a copy of the log, which decrypts nothing and therefore checks no master key. */
const withLogCopy = <Result>(work: (copyLog: CopyLog) => Promise<Result>): Promise<Result> => {
  if (readConfig().eventStoreDb === undefined) {
    throw new StartupFailure(
      'Copying the event log needs both stores: set EVENTSTOREDB_URL for either direction.',
    );
  }
  return withSystem(async (system) => {
    requireMigrated(await migrationStatus(system.connectionString));
    await requireOwnLog(system);
    return work(system.get(tokens.copyLog));
  });
};

/** Runs an adoption; the log must be in the database, as a rollback removes its events as well. */
const withAdoptableSystem: typeof withSystem = async (work) => {
  if (readConfig().eventStoreDb !== undefined) {
    throw new StartupFailure(
      'An adoption needs the event log in the database: adopt without EVENTSTOREDB_URL, and move the log with latchkey events copy after latchkey adopt finish.',
    );
  }
  return withSystem(work);
};

/** Refuses test users in production: their password is printed on a terminal. */
const requireDevelopment = (): void => {
  if (readConfig().environment !== 'production') return;
  throw new StartupFailure('Test users cannot be created while LATCHKEY_ENV is production.');
};

const createProgram = (): Command => {
  const program = new Command('latchkey')
    .description('Authentication for applications whose users live in households')
    .exitOverride()
    .showHelpAfterError('(add --help to see commands and options)');

  program
    .command('serve')
    .description('start the service; migrates the database first')
    .action(async () => {
      const { runServer } = await import('./main.ts');
      const config = readConfig();
      database = describeDatabase(config);
      await runServer(config, log);
    });
  addMigrateCommands(program, processOutput, (work) =>
    withSystem(({ connectionString }) =>
      work({
        up: () => migrateUp(connectionString),
        down: (all) => migrateDown(connectionString, all),
        status: () => migrationStatus(connectionString),
      }),
    ),
  );
  addUsersCommands(
    program,
    processOutput,
    (work) =>
      withMigratedSystem(({ get }) =>
        work({
          createAccount: get(tokens.createAccount),
          importUsers: get(tokens.importUsers),
          accounts: get(tokens.accounts),
          changeRole: get(tokens.changeRole),
          unlockUser: get(tokens.unlockUser),
          eraseUser: get(tokens.eraseUser),
          deactivateUser: get(tokens.deactivateUser),
          reactivateUser: get(tokens.reactivateUser),
          ids: get(tokens.ids),
        }),
      ),
    requireDevelopment,
  );
  addProjectionsCommands(program, processOutput, (work, options) =>
    withMigratedSystem(({ get }) => work(get(tokens.projections)), options),
  );
  const adopt = addAdoptCommand(program, processOutput, (work) =>
    withAdoptableSystem(({ get }) =>
      work({ adoptDatabase: get(tokens.adoptDatabase), ids: get(tokens.ids) }),
    ),
  );
  addAdoptFollowUpCommands(adopt, processOutput, (work) =>
    withAdoptableSystem(({ get }) => work(get(tokens.adoptionFollowUp))),
  );
  addEventsCommands(program, processOutput, withLogCopy);
  addAuditCommands(
    program,
    processOutput,
    (work, options) => withMigratedSystem(({ get }) => work(get(tokens.audit)), options),
    async (jws, key) =>
      checkSignedReport(await verifyOffline(THEFT_REPORT, jws.trim(), key), async () => null),
  );
  addKeysCommands(program, processOutput, (work) =>
    withMigratedSystem(({ get }) => work(get(tokens.signingKeyStore))),
  );
  addResourceServersCommands(program, processOutput, (work) =>
    withMigratedSystem(({ get }) =>
      work({ servers: get(tokens.resourceServers), ids: get(tokens.ids) }),
    ),
  );
  addMaintenanceCommands(program, processOutput, {
    cleanup: () => withMigratedSystem(({ get }) => get(tokens.cleanup)()),
    examine: () => examine(withSystem),
    afterRestore: () => withMigratedSystem(({ get }) => createAfterRestore(get(tokens.database))()),
  });
  return program;
};

const exitCodeFor = (error: unknown): number => {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : MISUSED;
  if (error instanceof UsageError) {
    processOutput.err(error.message);
    return MISUSED;
  }
  const sentence = describeFailure(error, database);
  if (sentence !== undefined) processOutput.err(sentence);
  else processOutput.err(error instanceof Error ? (error.stack ?? error.message) : String(error));
  return FAILED;
};

/** Runs one command line. @param argv as `process.argv`; sets the exit code */
export const runCommandLine = async (argv: readonly string[]): Promise<void> => {
  try {
    await createProgram().parseAsync([...argv]);
  } catch (error) {
    process.exitCode = exitCodeFor(error);
  }
};
