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
  /** Fails when the database was set up with another master key. */
  openKeys: () => Promise<void>;
  ids: IdGenerator;
  clock: Clock;
}>;

export type AdoptionWatch = Readonly<{ onProgress: AdoptionProgress; onWait: () => void }>;

/** The events of one adoption, however often it was begun, belong together. */
const contextOf = (id: string, { actor, client }: RequestContext): RequestContext => ({
  correlationId: id,
  actor,
  client,
});

const nothingToSay = (outcome: AdoptionReport['outcome'], { households }: AdoptionOptions) => ({
  outcome,
  households,
  owner: null,
  users: null,
  tables: [],
  inTheWay: {},
  problems: [],
});

const ALREADY_OURS = "This database is Latchkey's own: there is nothing to adopt.";

export type AdoptDatabase = ReturnType<typeof createAdoptDatabase>;

/**
 * Brings a database that has users of its own under Latchkey, where it is. Ends at the same place
 * however often it was interrupted; when it is there, does nothing.
 * @throws AdoptionRefused where there is nothing to adopt
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
    await database.makeRoom(plan);
    // What has been renamed is found under its new name.
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
    await database.giveHouseholds(plan, onProgress);
    await database.markAdopted();
  };

  return {
    dryRun: (options: AdoptionOptions): Promise<AdoptionReport> =>
      databases.look(async (database) => {
        const state = await database.state();
        if (state !== undefined && state.phase !== 'preparing') {
          return nothingToSay('already_adopted', options);
        }
        if (state !== undefined)
          throw new AdoptionRefused('An adoption is under way: run latchkey adopt to go on.');
        if (await database.isOurs()) throw new AdoptionRefused(ALREADY_OURS);
        const { plan, report } = await inspect(database, options, clock.now());
        return { ...report, outcome: plan === undefined ? 'refused' : 'dry_run' };
      }),

    adopt: (
      options: AdoptionOptions,
      context: RequestContext,
      { onProgress, onWait }: AdoptionWatch,
    ): Promise<AdoptionReport> =>
      databases.hold(async (database) => {
        let state = await database.state();
        if (state !== undefined && state.phase !== 'preparing') {
          return nothingToSay('already_adopted', options);
        }
        // Who goes on with an adoption was told when it began.
        let told: Omit<AdoptionReport, 'outcome'> = nothingToSay('adopted', options);
        if (state === undefined) {
          if (await database.isOurs()) throw new AdoptionRefused(ALREADY_OURS);
          const { plan, report } = await inspect(database, options, clock.now());
          if (plan === undefined) return { ...report, outcome: 'refused' };
          told = report;
          await database.begin(ids.eventId(), options);
          state = await database.state();
        }
        if (state === undefined) throw new AdoptionRefused('The journal of the adoption is gone.');
        const plan = state.plan ?? (await makePlan(database, state.options));
        if ('outcome' in plan) return plan;
        await run(database, plan, state.startedAt, contextOf(state.id, context), onProgress);
        return {
          ...told,
          outcome: 'adopted',
          owner: plan.households === 'default' && plan.owner !== '' ? plan.owner : null,
        };
      }, onWait),
  };
};
