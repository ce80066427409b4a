import type { AdoptionOptions, AdoptionPlan, TablePlan } from './adoption-plan.ts';
import type { FoundDatabase } from './found-database.ts';
import type { OldUser } from './old-user.ts';
import type { Discard, RollbackReport } from './rollback-report.ts';

/** `preparing` until everything is in place. `finished`: there is no way back. */
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

/** In pages while a table is filled, in accounts or members else. */
export type AdoptionProgress = (what: string, done: number, total: number) => void;

/** An account as it is now. `checksum`: of the row it came from; null when it came from none. */
export type CurrentUser = Readonly<{
  id: string;
  email: string | null;
  username: string | null;
  displayName: string | null;
  role: string;
  active: boolean;
  checksum: string | null;
  /** Whether the password was changed here; a newer hash of the same password is no change. */
  passwordChanged: boolean;
}>;

/** What can be told of a database without changing it. */
export type DatabaseSurvey = Readonly<{
  found: FoundDatabase;
  countRows(table: string): Promise<number>;
  /** Rows that no household would follow for. */
  countHomeless(plan: TablePlan): Promise<number>;
  /** In the order of ids. `adopted`: the columns have stepped aside already. */
  oldUsers(
    plan: Pick<AdoptionPlan, 'users' | 'userColumns'>,
    adopted: boolean,
  ): AsyncIterable<OldUser>;
  currentUsers(userIds: readonly string[]): Promise<readonly CurrentUser[]>;
  /** Accounts that no old row is of. */
  newUserIds(): Promise<readonly string[]>;
}>;

/** A database with users of its own, in the hands of one adoption; each change can be made twice. */
export type AdoptableDatabase = DatabaseSurvey &
  Readonly<{
    state(): Promise<AdoptionState | undefined>;
    /** Whether the schema is Latchkey's already, without having been adopted. */
    isOurs(): Promise<boolean>;
    begin(id: string, options: AdoptionOptions): Promise<void>;
    /** Renames what has a name Latchkey needs. */
    makeRoom(plan: Pick<AdoptionPlan, 'inTheWay' | 'users'>): Promise<void>;
    survey(): Promise<FoundDatabase>;
    writePlan(plan: AdoptionPlan): Promise<void>;
    prepareUsers(plan: AdoptionPlan, onProgress: AdoptionProgress): Promise<void>;
    completeSchema(): Promise<void>;
    /** Every user's id, some at a time. */
    userIds(): AsyncIterable<readonly string[]>;
    convertTables(plan: AdoptionPlan, onProgress: AdoptionProgress): Promise<void>;
    giveHouseholds(plan: AdoptionPlan, onProgress: AdoptionProgress): Promise<void>;
    markAdopted(): Promise<void>;
    /** Gives the database back, unless something would be lost that may not be. */
    rollBack(state: AdoptionState, discard: Discard): Promise<RollbackReport>;
    /** Drops the old columns and the journal: there is no way back. */
    finish(plan: AdoptionPlan): Promise<void>;
  }>;

/** Where a database is that may be adopted. */
export type AdoptableDatabases = Readonly<{
  /** In one transaction that can write nothing. */
  look<Result>(
    work: (
      database: DatabaseSurvey & Pick<AdoptableDatabase, 'state' | 'isOurs'>,
    ) => Promise<Result>,
  ): Promise<Result>;
  /** Alone: a second adoption waits for the first one. */
  hold<Result>(
    work: (database: AdoptableDatabase) => Promise<Result>,
    onWait: () => void,
  ): Promise<Result>;
}>;
