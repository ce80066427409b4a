import type { ImportableUser } from '../importing/parse-import-line.ts';
import type {
  AdoptableDatabases,
  AdoptionPhase,
  AdoptionState,
  DatabaseSurvey,
} from './adoptable-database.ts';
import type { AdoptionPlan } from './adoption-plan.ts';
import { AdoptionRefused } from './adoption-refused.ts';
import { driftOfUser, type UserDrift } from './drift-of-user.ts';
import type { ReadOldUsers } from './old-user.ts';
import type { Discard, RollbackReport } from './rollback-report.ts';
import { surveyUsers } from './survey-users.ts';

type Dependencies = Readonly<{
  databases: AdoptableDatabases;
  readOldUser: ReadOldUsers;
  schemeOf(hash: string): string | undefined;
}>;

export type AdoptionStatus = Readonly<{
  phase: AdoptionPhase | 'none';
  startedAt: string | null;
  adoptedAt: string | null;
  households: string | null;
  tables: readonly string[];
}>;

export type DriftReport = Readonly<{ users: number; drift: readonly UserDrift[] }>;

const BATCH = 500;

const requirePlan = (state: AdoptionState | undefined): AdoptionPlan => {
  if (state?.phase === 'finished')
    throw new AdoptionRefused('The adoption is finished: the old columns are dropped.');
  if (state?.phase !== 'adopted' || state.plan === null) {
    throw new AdoptionRefused('This database is not adopted.');
  }
  return state.plan;
};

export type AdoptionFollowUp = ReturnType<typeof createAdoptionFollowUp>;

/** The commands for an adopted database. All throw AdoptionRefused if it is not adopted. */
export const createAdoptionFollowUp = ({ databases, readOldUser, schemeOf }: Dependencies) => {
  const compare = async (
    database: DatabaseSurvey,
    users: readonly ImportableUser[],
  ): Promise<readonly UserDrift[]> => {
    const found = await database.currentUsers(users.map(({ userId }) => userId));
    const current = new Map(found.map((user) => [user.id, user]));
    return users.flatMap((user) => driftOfUser(user, current.get(user.userId)) ?? []);
  };

  const findDrift = async (
    database: DatabaseSurvey,
    plan: AdoptionPlan,
    startedAt: string,
  ): Promise<DriftReport> => {
    const rows = database.oldUsers(plan, true);
    const { settle } = await surveyUsers(rows, readOldUser, schemeOf, startedAt, null);
    const drift: UserDrift[] = [];
    let batch: ImportableUser[] = [];
    let users = 0;
    for await (const row of database.oldUsers(plan, true)) {
      users += 1;
      batch.push(settle(readOldUser(row, users, startedAt)));
      if (batch.length < BATCH) continue;
      drift.push(...(await compare(database, batch)));
      batch = [];
    }
    drift.push(...(await compare(database, batch)));
    for (const userId of await database.newUserIds()) {
      drift.push({ userId, kind: 'no_old_row', columns: [] });
    }
    return { users, drift };
  };

  return {
    status: (): Promise<AdoptionStatus> =>
      databases.readOnly(async (database) => {
        const state = await database.state();
        return {
          phase: state?.phase ?? 'none',
          startedAt: state?.startedAt ?? null,
          adoptedAt: state?.adoptedAt ?? null,
          households: state?.options.households ?? null,
          tables: (state?.plan?.tables ?? []).map(({ table }) => table),
        };
      }),

    drift: (): Promise<DriftReport> =>
      databases.readOnly(async (database) => {
        const state = await database.state();
        return findDrift(database, requirePlan(state), state?.startedAt ?? '');
      }),

    rollBack: (discard: Discard, onWait: () => void): Promise<RollbackReport> =>
      databases.withLock(async (database) => {
        const state = await database.state();
        if (state === undefined) throw new AdoptionRefused('This database is not adopted.');
        if (state.phase === 'finished') requirePlan(state);
        return database.rollBack(state, discard);
      }, onWait),

    finish: (onWait: () => void): Promise<void> =>
      databases.withLock(async (database) => {
        await database.finish(requirePlan(await database.state()));
      }, onWait),
  };
};
