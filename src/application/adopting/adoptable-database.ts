import type { AdoptionOptions, AdoptionPlan, TablePlan } from './adoption-plan.ts';
import type { FoundDatabase } from './found-database.ts';
import type { OldUser } from './old-user.ts';
import type { Discard, RollbackReport } from './rollback-report.ts';

/** `preparing` until the adoption is complete; `finished`: it can no longer be rolled back. */
export type AdoptionPhase = 'preparing' | 'adopted' | 'finished';

export type AdoptionState = Readonly<{
  /** UUID; also the correlation id of every event that the adoption writes. */
  id: string;
  phase: AdoptionPhase;
  options: AdoptionOptions;
  plan: AdoptionPlan | null;
  startedAt: string;
  adoptedAt: string | null;
}>;

/** Counts pages while a table is filled, otherwise accounts or members. */
export type AdoptionProgress = (what: string, done: number, total: number) => void;

/** An account as it is now. `checksum`: of the row that it was adopted from; null without one. */
export type CurrentUser = Readonly<{
  id: string;
  email: string | null;
  username: string | null;
  displayName: string | null;
  role: string;
  active: boolean;
  checksum: string | null;
  /** Whether the password was changed since; a new hash of the same password is not a change. */
  passwordChanged: boolean;
}>;

/** What can be read from a database without changing it. */
export type DatabaseSurvey = Readonly<{
  found: FoundDatabase;
  countRows(table: string): Promise<number>;
  /** Counts the rows for which no household could be determined. */
  countRowsWithoutUser(plan: TablePlan): Promise<number>;
  /** In the order of ids. `adopted`: the old columns are renamed already. */
  oldUsers(
    plan: Pick<AdoptionPlan, 'users' | 'userColumns'>,
    adopted: boolean,
  ): AsyncIterable<OldUser>;
  currentUsers(userIds: readonly string[]): Promise<readonly CurrentUser[]>;
  /** The ids of accounts without an old row. */
  newUserIds(): Promise<readonly string[]>;
}>;

/**
 * A database with users of its own, locked for one adoption; each change can safely be repeated.
 */
export type AdoptableDatabase = DatabaseSurvey &
  Readonly<{
    state(): Promise<AdoptionState | undefined>;
    /** Whether migrations created the schema, without an adoption. */
    isOurs(): Promise<boolean>;
    begin(id: string, options: AdoptionOptions): Promise<void>;
    /** Renames objects whose names Latchkey needs. */
    renameConflicts(plan: Pick<AdoptionPlan, 'inTheWay' | 'users'>): Promise<void>;
    survey(): Promise<FoundDatabase>;
    writePlan(plan: AdoptionPlan): Promise<void>;
    prepareUsers(plan: AdoptionPlan, onProgress: AdoptionProgress): Promise<void>;
    completeSchema(): Promise<void>;
    /** Every user's id, in batches. */
    userIds(): AsyncIterable<readonly string[]>;
    convertTables(plan: AdoptionPlan, onProgress: AdoptionProgress): Promise<void>;
    assignHouseholds(plan: AdoptionPlan, onProgress: AdoptionProgress): Promise<void>;
    markAdopted(): Promise<void>;
    /** Restores the database, unless data would be lost that `discard` does not allow. */
    rollBack(state: AdoptionState, discard: Discard): Promise<RollbackReport>;
    /** Drops the old columns and the journal; a rollback is then impossible. */
    finish(plan: AdoptionPlan): Promise<void>;
  }>;

/** Opens the database for an adoption. */
export type AdoptableDatabases = Readonly<{
  /** Runs `work` in one read-only transaction. */
  readOnly<Result>(
    work: (
      database: DatabaseSurvey & Pick<AdoptableDatabase, 'state' | 'isOurs'>,
    ) => Promise<Result>,
  ): Promise<Result>;
  /** Runs `work` under the lock of adoptions; `onWait` is called if another process holds it. */
  withLock<Result>(
    work: (database: AdoptableDatabase) => Promise<Result>,
    onWait: () => void,
  ): Promise<Result>;
}>;
