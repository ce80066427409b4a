import { describe, expect, it } from 'vitest';
import { createAdoptUsers } from '../../../src/application/adopting/adopt-users.ts';
import type { AdoptableDatabase } from '../../../src/application/adopting/adoptable-database.ts';
import {
  type AdoptionPlan,
  DEFAULT_HOUSEHOLD,
  DEFAULT_HOUSEHOLD_ID,
} from '../../../src/application/adopting/adoption-plan.ts';
import { AdoptionRefused } from '../../../src/application/adopting/adoption-refused.ts';
import { createFillDefaultHousehold } from '../../../src/application/adopting/default-household.ts';
import { createInspectDatabase } from '../../../src/application/adopting/inspect-database.ts';
import type { OldUser } from '../../../src/application/adopting/old-user.ts';
import { createPrepareAdoptedAccount } from '../../../src/application/adopting/prepare-adopted-account.ts';
import { createStoreImportedUsers } from '../../../src/application/importing/store-imported-users.ts';
import {
  foundDatabase,
  oldUser,
  options,
  readOldUser,
  schemeOf,
  surveyOf,
  usersTable,
} from '../../support/adopting/in-memory-adoption.ts';
import { START } from '../../support/events/token-family-fixtures.ts';
import { createImportServices } from '../../support/importing/import-services.ts';
import { contextFrom } from '../../support/sessions/session-services.ts';

const ann = oldUser('ann-1', { email: 'ann@example.com' });
const ben = oldUser('ben-1', { email: 'ben@example.com', role: 'true' });

type Mode = AdoptionPlan['households'];

const setUp = async (households: Mode, users: readonly OldUser[] = [ann, ben]) => {
  const services = createImportServices();
  const { commands, clock, eventStore } = services;
  const adoptUsers = createAdoptUsers({
    readOldUser,
    schemeOf,
    directory: services.directory,
    storeImportedUsers: {
      'per-user': services.storeImportedUsers,
      default: createStoreImportedUsers({
        ...services,
        prepareImportedAccount: createPrepareAdoptedAccount({ commands }),
      }),
    },
    fillDefaultHousehold: createFillDefaultHousehold({ commands, clock }),
  });
  const survey = surveyOf(foundDatabase(usersTable), { users });
  const inspect = createInspectDatabase({ declared: new Map(), readOldUser, schemeOf });
  const { plan } = await inspect(survey, { ...options, households }, START);
  if (plan === undefined) throw new TypeError('the database cannot be adopted');
  const progress: unknown[] = [];
  return {
    ...services,
    progress,
    adopt: () =>
      // Of a database, adopting users only reads rows and ids.
      adoptUsers(survey as AdoptableDatabase, plan, START, contextFrom(), (...told) =>
        progress.push(told),
      ),
    eventsOf: async (category: 'user' | 'household', id: string) => {
      const { events } = await eventStore.readStream({ category, id });
      return events.map(({ event }) => event);
    },
  };
};

describe('adopting the users of a database', () => {
  it('stores each account, each with a household of its own', async () => {
    const { adopt, importedUsers, eventsOf, progress } = await setUp('per-user');
    await adopt();
    expect(await importedUsers()).toStrictEqual(['ann-1', 'ben-1']);
    const { checksum } = readOldUser(ann, 1, START).user;
    expect((await eventsOf('user', 'ann-1')).map(({ data }) => data)).toMatchObject([
      {
        email: 'ann@example.com',
        householdId: 'household-1',
        provenance: { source: 'users', id: 'ann-1', checksum },
      },
    ]);
    expect(await eventsOf('household', 'household-1')).toStrictEqual([
      {
        type: 'HouseholdCreated',
        data: { name: 'Home', ownerId: 'ann-1', home: true, createdAt: START },
      },
    ]);
    expect(progress).toStrictEqual([['accounts', 2, 2]]);
  });

  it('stores each account in the shared household, which the first administrator owns', async () => {
    const { adopt, eventsOf, progress } = await setUp('default');
    await adopt();
    expect(await eventsOf('user', 'ann-1')).toMatchObject([
      { data: { householdId: DEFAULT_HOUSEHOLD_ID } },
    ]);
    expect(await eventsOf('household', DEFAULT_HOUSEHOLD_ID)).toStrictEqual([
      {
        type: 'HouseholdCreated',
        data: { name: DEFAULT_HOUSEHOLD, ownerId: 'ben-1', home: true, createdAt: START },
      },
      {
        type: 'MemberAdded',
        data: {
          userId: 'ann-1',
          role: 'member',
          home: true,
          invitationId: null,
          addedAt: START,
        },
      },
    ]);
    expect(progress).toStrictEqual([
      ['accounts', 2, 2],
      ['members', 2, 2],
    ]);
  });

  it('makes no shared household when there are no users', async () => {
    const { adopt, eventsOf } = await setUp('default', []);
    await adopt();
    expect(await eventsOf('household', DEFAULT_HOUSEHOLD_ID)).toStrictEqual([]);
  });

  it.each<Mode>(['per-user', 'default'])(
    'leaves alone what an interrupted adoption has stored: %s',
    async (mode) => {
      const { adopt, importedUsers, eventStore } = await setUp(mode);
      await adopt();
      const count = async () => {
        let events = 0;
        for await (const _ of eventStore.readAll()) events += 1;
        return events;
      };
      const before = await count();
      await adopt();
      expect([await importedUsers(), await count()]).toStrictEqual([['ann-1', 'ben-1'], before]);
    },
  );

  it('leaves an account alone whose old row was changed after it was stored', async () => {
    const users = [ann, ben];
    const { adopt, importedUsers } = await setUp('per-user', users);
    await adopt();
    users[0] = { ...ann, display_name: 'Annie' };
    await adopt();
    expect(await importedUsers()).toStrictEqual(['ann-1', 'ben-1']);
  });

  it('stops when another account has an identifier of one to be adopted', async () => {
    const { adopt, holders, importedUsers } = await setUp('per-user');
    holders.set('email ann@example.com', 'user_somebody');
    await expect(adopt()).rejects.toBeInstanceOf(AdoptionRefused);
    expect(await importedUsers()).toStrictEqual(['ben-1']);
  });
});
