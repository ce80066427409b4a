import { describe, expect, it } from 'vitest';
import { ApplicationError } from '../../../src/application/kernel/errors.ts';
import { type EventStore, RevisionConflict } from '../../../src/application/kernel/event-store.ts';
import { createImportServices, importableUser } from '../../support/importing/import-services.ts';
import { contextFrom } from '../../support/sessions/session-services.ts';

const ann = importableUser({ id: 'ann-1', email: 'ann@example.com', username: 'ann' }, 1);
const ben = importableUser({ id: 'ben-1', email: 'ben@example.com' }, 2);
const cat = importableUser({ id: 'cat-1', email: 'cat@example.com' }, 3);
const users = [ann, ben, cat];

/** Import services whose `nth` append, counted from 1, fails with what `failure` returns. */
const setUp = (failure: (nth: number) => Error | undefined = () => undefined) => {
  const appends: number[] = [];
  const services = createImportServices({
    through: (store: EventStore): EventStore => ({
      ...store,
      append: async (appended) => {
        appends.push(appended.length);
        const error = failure(appends.length);
        if (error !== undefined) throw error;
        await store.append(appended);
      },
    }),
  });
  return {
    ...services,
    appends,
    store: () => services.storeImportedUsers(users, 'users.jsonl', contextFrom()),
  };
};

const conflict = new RevisionConflict({ category: 'user', id: 'ann-1' });

describe('storing imported users', () => {
  it('stores each with its household, in appends of a power of two accounts', async () => {
    const { store, appends, eventStore, importedUsers, holders } = setUp();
    expect(await store()).toStrictEqual([
      { line: 1, outcome: 'imported' },
      { line: 2, outcome: 'imported' },
      { line: 3, outcome: 'imported' },
    ]);
    expect(appends).toStrictEqual([4, 2]);
    expect(await importedUsers()).toStrictEqual(['ann-1', 'ben-1', 'cat-1']);
    const { events } = await eventStore.readStream({ category: 'household', id: 'household-1' });
    expect(events.map(({ event }) => event.type)).toStrictEqual(['HouseholdCreated']);
    expect([...holders.keys()]).toStrictEqual([
      'email ann@example.com',
      'username ann',
      'email ben@example.com',
      'email cat@example.com',
    ]);
  });

  it('answers unchanged for an account that was imported from the same line', async () => {
    const { store, importedUsers } = setUp();
    await store();
    expect(await store()).toStrictEqual([
      { line: 1, outcome: 'unchanged' },
      { line: 2, outcome: 'unchanged' },
      { line: 3, outcome: 'unchanged' },
    ]);
    expect(await importedUsers()).toHaveLength(3);
  });

  it('answers a conflict for a taken identifier, and releases the other claims of that user', async () => {
    const { store, holders, importedUsers } = setUp();
    holders.set('username ann', 'user_somebody');
    expect(await store()).toStrictEqual([
      { line: 2, outcome: 'imported' },
      { line: 3, outcome: 'imported' },
      {
        line: 1,
        outcome: { line: 1, code: 'conflict', kind: 'username', userId: 'user_somebody' },
      },
    ]);
    expect(holders.has('email ann@example.com')).toBe(false);
    expect(await importedUsers()).toStrictEqual(['ben-1', 'cat-1']);
  });

  it('stores the accounts of an append that lost its race one by one', async () => {
    const { store, appends, importedUsers } = setUp((nth) => (nth === 1 ? conflict : undefined));
    const stored = await store();
    expect(stored.map(({ outcome }) => outcome)).toStrictEqual([
      'imported',
      'imported',
      'imported',
    ]);
    expect(appends).toStrictEqual([4, 2, 2, 2]);
    expect(await importedUsers()).toStrictEqual(['cat-1', 'ann-1', 'ben-1']);
  });
});

describe('storing imported users that fails', () => {
  it('gives up when an account loses every race, and releases all claims', async () => {
    const { store, holders, importedUsers } = setUp(() => conflict);
    await expect(store()).rejects.toMatchObject({ code: 'concurrent_update' });
    expect(holders.size).toBe(0);
    expect(await importedUsers()).toStrictEqual([]);
  });

  it('keeps what is stored when the event store becomes unavailable, and its claims', async () => {
    const unavailable = new ApplicationError('service_unavailable');
    const { store, holders, importedUsers } = setUp((nth) => (nth > 1 ? unavailable : undefined));
    await expect(store()).rejects.toBe(unavailable);
    expect(await importedUsers()).toStrictEqual(['ann-1', 'ben-1']);
    expect([...holders.keys()]).toStrictEqual([
      'email ann@example.com',
      'username ann',
      'email ben@example.com',
    ]);
  });
});
