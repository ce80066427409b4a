import { UnreadableEvent } from '../../adapters/event-store/eventstoredb/reading/unreadable-event.ts';
import { ManagedPostgresError } from '../../adapters/managed-postgres/managed-postgres-error.ts';
import { ForeignDatabase } from '../../adapters/postgres/connection/foreign-database.ts';
import { AdoptionRefused } from '../../application/adopting/adoption-refused.ts';
import { LogCopyRefused } from '../../application/event-log/log-copy.ts';
import { ApplicationError } from '../../application/kernel/errors.ts';
import { ConfigurationError } from '../../configuration/config.ts';
import { DomainError } from '../../domain/domain-error.ts';

/** A failure that the operator can repair; the message says what is wrong and what to do. */
export class StartupFailure extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'StartupFailure';
  }
}

const codeOf = (error: unknown): string | undefined =>
  error instanceof Error && 'code' in error ? String(error.code) : undefined;

/** Finds the first cause; an AggregateError is a connection refused on several addresses. */
const rootOf = (error: unknown): unknown => {
  if (error instanceof AggregateError) return rootOf(error.errors[0]);
  return error instanceof Error && error.cause !== undefined ? rootOf(error.cause) : error;
};

/** Removes the statement that Knex puts before the message of the database. */
const databaseMessage = ({ message }: Error): string => message.split(' - ').at(-1) ?? message;

// Invalid authorization, wrong password, unknown database, missing privilege; tables, functions or
// types that exist already, but not from these migrations.
const REFUSED = /^(28000|28P01|3D000|42501|42P07|42723|42710)$/;

const describeUnavailable = (error: ApplicationError, database: string): string => {
  const root = rootOf(error);
  const code = codeOf(root);
  // A socket's errno is more precise than its message, a database's message than its SQLSTATE.
  const isErrno = code !== undefined && /^E[A-Z_]+$/.test(code);
  const reason = isErrno ? code : root instanceof Error ? databaseMessage(root) : 'no answer';
  return `The database (${database}) cannot be used: ${reason}.`;
};

/** Describes a failure that an operator can repair; undefined for one that only a developer can. */
export const describeFailure = (error: unknown, database: string): string | undefined => {
  if (
    error instanceof StartupFailure ||
    error instanceof ConfigurationError ||
    error instanceof ForeignDatabase ||
    error instanceof AdoptionRefused ||
    error instanceof UnreadableEvent ||
    error instanceof LogCopyRefused ||
    error instanceof ManagedPostgresError
  ) {
    return error.message;
  }
  if (error instanceof ApplicationError && error.code === 'service_unavailable') {
    return describeUnavailable(error, database);
  }
  if (error instanceof ApplicationError || error instanceof DomainError) {
    return `Refused: ${error.code}.`;
  }
  if (!(error instanceof Error)) return undefined;
  if (REFUSED.test(codeOf(error) ?? '')) {
    return `The database (${database}) cannot be used: ${databaseMessage(error)}.`;
  }
  if (error.message.startsWith('The migration directory is corrupt')) {
    return `The database (${database}) was migrated by a later version of Latchkey: run that version.`;
  }
  return undefined;
};

/** @throws StartupFailure when this version expects tables that are not there yet */
export const requireMigrated = ({ pending }: { pending: readonly string[] }): void => {
  if (pending.length === 0) return;
  throw new StartupFailure(
    `The database schema lacks ${pending.length} migrations: run latchkey migrate up.`,
  );
};

/** @throws StartupFailure when `open` fails because the keys were sealed with another master key */
export const requireMasterKey = async (open: () => Promise<void>): Promise<void> => {
  try {
    await open();
  } catch (cause) {
    if (cause instanceof ApplicationError) throw cause;
    throw new StartupFailure(
      'The master key does not open the signing keys in this database: it was set up with another LATCHKEY_MASTER_KEY.',
      { cause },
    );
  }
};
