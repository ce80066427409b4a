import type { Clock } from '../kernel/clock.ts';
import type { IdGenerator } from '../kernel/id-generator.ts';
import type { RequestContext } from '../kernel/request-context.ts';
import type { AdoptUsers } from './adopt-users.ts';
import type {
  AdoptableDatabase,
  AdoptableDatabases,
  AdoptionProgress,
} from './adoptable-database.ts';
import type { AdoptionOptions, AdoptionPlan } from './adoption-plan.ts';
import { AdoptionRefused } from './adoption-refused.ts';
import type { AdoptionReport } from './adoption-report.ts';
import type { InspectDatabase } from './inspect-database.ts';

type Dependencies = Readonly<{
  databases: AdoptableDatabases;
  inspect: InspectDatabase;
  adoptUsers: AdoptUsers;
  /** Fails if the database was set up with another master key. */
  openKeys: () => Promise<void>;
  ids: IdGenerator;
  clock: Clock;
}>;

export type AdoptionWatch = Readonly<{ onProgress: AdoptionProgress; onWait: () => void }>;

/** The events of one adoption share its id as correlation id, however often it was resumed. */
const contextOf = (id: string, { actor, client }: RequestContext): RequestContext => ({
  correlationId: id,
  actor,
  client,
});

const emptyReport = (outcome: AdoptionReport['outcome'], { households }: AdoptionOptions) => ({
  outcome,
  households,
  owner: null,
  users: null,
  tables: [],
  inTheWay: {},
  problems: [],
});

const ALREADY_OURS = 'This database was created by Latchkey: there is nothing to adopt.';

export type AdoptDatabase = ReturnType<typeof createAdoptDatabase>;

/**
 * Adopts a database that has users of its own, in place. An interrupted adoption is resumed; a
 * finished one is left as it is.
 * @throws AdoptionRefused if there is nothing to adopt
 */
export const createAdoptDatabase = ({
  databases,
  inspect,
  adoptUsers,
  openKeys,
  ids,
  clock,
}: Dependencies) => {
  const makePlan = async (
    database: AdoptableDatabase,
    options: AdoptionOptions,
  ): Promise<AdoptionPlan | AdoptionReport> => {
    const { plan, report } = await inspect(database, options, clock.now());
    if (plan === undefined) return { ...report, outcome: 'refused' };
    await database.renameConflicts(plan);
    // Renamed objects are found under their new names.
    const renamed = await inspect(
      { ...database, found: await database.survey() },
      options,
      clock.now(),
    );
    if (renamed.plan === undefined) return { ...renamed.report, outcome: 'refused' };
    await database.writePlan(renamed.plan);
    return renamed.plan;
  };

  const run = async (
    database: AdoptableDatabase,
    plan: AdoptionPlan,
    startedAt: string,
    context: RequestContext,
    onProgress: AdoptionProgress,
  ): Promise<void> => {
    await database.prepareUsers(plan, onProgress);
    await database.completeSchema();
    await openKeys();
    await adoptUsers(database, plan, startedAt, context, onProgress);
    await database.convertTables(plan, onProgress);
    await database.assignHouseholds(plan, onProgress);
    await database.markAdopted();
  };

  return {
    dryRun: (options: AdoptionOptions): Promise<AdoptionReport> =>
      databases.readOnly(async (database) => {
        const state = await database.state();
        if (state !== undefined && state.phase !== 'preparing') {
          return emptyReport('already_adopted', options);
        }
        if (state !== undefined)
          throw new AdoptionRefused(
            'An adoption was interrupted: run latchkey adopt to continue it.',
          );
        if (await database.isOurs()) throw new AdoptionRefused(ALREADY_OURS);
        const { plan, report } = await inspect(database, options, clock.now());
        return { ...report, outcome: plan === undefined ? 'refused' : 'dry_run' };
      }),

    adopt: (
      options: AdoptionOptions,
      context: RequestContext,
      { onProgress, onWait }: AdoptionWatch,
    ): Promise<AdoptionReport> =>
      databases.withLock(async (database) => {
        let state = await database.state();
        if (state !== undefined && state.phase !== 'preparing') {
          return emptyReport('already_adopted', options);
        }
        // A resumed adoption reported its findings when it began.
        let reported: Omit<AdoptionReport, 'outcome'> = emptyReport('adopted', options);
        if (state === undefined) {
          if (await database.isOurs()) throw new AdoptionRefused(ALREADY_OURS);
          const { plan, report } = await inspect(database, options, clock.now());
          if (plan === undefined) return { ...report, outcome: 'refused' };
          reported = report;
          await database.begin(ids.eventId(), options);
          state = await database.state();
        }
        if (state === undefined)
          throw new AdoptionRefused('The journal of the adoption is missing.');
        const plan = state.plan ?? (await makePlan(database, state.options));
        if ('outcome' in plan) return plan;
        await run(database, plan, state.startedAt, contextOf(state.id, context), onProgress);
        return {
          ...reported,
          outcome: 'adopted',
          owner: plan.households === 'default' && plan.owner !== '' ? plan.owner : null,
        };
      }, onWait),
  };
};
