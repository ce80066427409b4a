import { forEachInFlight } from '../importing/for-each-in-flight.ts';
import type { ImportDirectory } from '../importing/import-directory.ts';
import { judgeAll } from '../importing/import-verdict.ts';
import type { ImportableUser } from '../importing/parse-import-line.ts';
import type { StoreImportedUsers } from '../importing/store-imported-users.ts';
import type { RequestContext } from '../kernel/request-context.ts';
import type { AdoptableDatabase, AdoptionProgress } from './adoptable-database.ts';
import type { AdoptionPlan, HouseholdMode } from './adoption-plan.ts';
import { AdoptionRefused } from './adoption-refused.ts';
import type { FillDefaultHousehold } from './default-household.ts';
import type { ReadOldUser, ReadOldUsers } from './old-user.ts';
import { surveyUsers } from './survey-users.ts';

type Dependencies = Readonly<{
  readOldUser: ReadOldUsers;
  schemeOf(hash: string): string | undefined;
  directory: ImportDirectory;
  storeImportedUsers: Readonly<Record<HouseholdMode, StoreImportedUsers>>;
  fillDefaultHousehold: FillDefaultHousehold;
}>;

/** The source in the provenance of adopted accounts: their old table. */
export const SOURCE = 'users';

/** Accounts per append. */
const BATCH = 32;
const BATCHES_IN_FLIGHT = 4;

export type AdoptUsers = ReturnType<typeof createAdoptUsers>;

/**
 * Stores the old accounts as events, and adds them to households. Accounts that were adopted before
 * are skipped.
 */
export const createAdoptUsers = ({
  readOldUser,
  schemeOf,
  directory,
  storeImportedUsers,
  fillDefaultHousehold,
}: Dependencies) => {
  async function* batchesOf(
    database: AdoptableDatabase,
    plan: AdoptionPlan,
    startedAt: string,
    settle: (read: ReadOldUser) => ImportableUser,
  ): AsyncGenerator<readonly ImportableUser[]> {
    let batch: ImportableUser[] = [];
    let line = 0;
    for await (const row of database.oldUsers(plan, true)) {
      line += 1;
      batch.push(settle(readOldUser(row, line, startedAt)));
      if (batch.length < BATCH) continue;
      yield batch;
      batch = [];
    }
    if (batch.length > 0) yield batch;
  }

  const store = async (
    users: readonly ImportableUser[],
    mode: HouseholdMode,
    context: RequestContext,
  ): Promise<void> => {
    const judged = await judgeAll(directory, users);
    const isThere = (verdict: (typeof judged)[number]['verdict']) =>
      verdict === 'unchanged' ||
      (typeof verdict === 'object' && verdict.code === 'conflict' && verdict.kind === 'id');
    const missing = judged.flatMap(({ user, verdict }) => (isThere(verdict) ? [] : [user]));
    if (missing.length === 0) return;
    for (const { outcome } of await storeImportedUsers[mode](missing, SOURCE, context)) {
      if (typeof outcome === 'object') {
        throw new AdoptionRefused(
          `An existing account conflicts with one to be adopted (${outcome.code}).`,
        );
      }
    }
  };

  return async (
    database: AdoptableDatabase,
    plan: AdoptionPlan,
    startedAt: string,
    context: RequestContext,
    onProgress: AdoptionProgress,
  ): Promise<void> => {
    const rows = database.oldUsers(plan, true);
    const { settle } = await surveyUsers(rows, readOldUser, schemeOf, startedAt, null);
    const total = plan.users.rows;
    let done = 0;
    const batches = batchesOf(database, plan, startedAt, settle);
    await forEachInFlight(batches, BATCHES_IN_FLIGHT, async (users) => {
      await store(users, plan.households, context);
      done += users.length;
      onProgress('accounts', done, total);
    });
    // A household needs an owner, so without users there is none.
    if (plan.households !== 'default' || plan.owner === '') return;
    let members = 0;
    await fillDefaultHousehold(plan.owner, database.userIds(), context, (added) => {
      members += added;
      onProgress('members', members, total);
    });
  };
};
