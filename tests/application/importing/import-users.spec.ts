import { describe, expect, it } from 'vitest';
import type { ImportSource } from '../../../src/application/importing/import-source.ts';
import { ApplicationError } from '../../../src/application/kernel/errors.ts';
import { type EventStore, RevisionConflict } from '../../../src/application/kernel/event-store.ts';
import { START } from '../../support/events/token-family-fixtures.ts';
import { hash } from '../../support/events/user-fixtures.ts';
import { createImportServices, importSource } from '../../support/importing/import-services.ts';
import { contextFrom } from '../../support/sessions/session-services.ts';

const forReal = { dryRun: false, skipConflicts: false };
const dryRun = { dryRun: true, skipConflicts: false };
const skipping = { dryRun: false, skipConflicts: true };

const nothing = { imported: 0, unchanged: 0, skipped: 0, importable: 0, problems: [] };

const ann = { id: 'ann-1', email: 'Ann@example.com', username: 'ann', passwordHash: hash };
const ben = { email: 'ben@example.com' };

const numbered = (count: number) =>
  Array.from({ length: count }, (_, n) => ({ id: `old-${n}`, email: `user${n}@example.com` }));

const checksumOf = (line: object) => {
  const sorted = Object.entries(line).sort(([a], [b]) => (a < b ? -1 : 1));
  return `sum of ${JSON.stringify(Object.fromEntries(sorted))}`;
};

describe('importing users', () => {
  it('stores each account with its household and its provenance', async () => {
    const { importUsers, eventStore, holders } = createImportServices();
    const line = { ...ann, householdName: 'The Smiths', createdAt: '2001-02-03T04:05:06Z' };
    expect(await importUsers(importSource(line), forReal, contextFrom())).toStrictEqual({
      ...nothing,
      lines: 1,
      imported: 1,
    });

    const user = await eventStore.readStream({ category: 'user', id: 'ann-1' });
    expect(user.events.map(({ event }) => event)).toStrictEqual([
      {
        type: 'UserImported',
        data: {
          email: 'ann@example.com',
          emailVerified: false,
          username: 'ann',
          displayName: 'ann',
          passwordHash: hash,
          householdId: 'household-1',
          role: 'user',
          tier: 'free',
          locale: 'en',
          active: true,
          provenance: { source: 'users.jsonl', id: 'ann-1', checksum: checksumOf(line) },
          createdAt: '2001-02-03T04:05:06.000Z',
          importedAt: START,
        },
      },
    ]);
    const home = await eventStore.readStream({ category: 'household', id: 'household-1' });
    expect(home.events.map(({ event }) => event)).toStrictEqual([
      {
        type: 'HouseholdCreated',
        data: { name: 'The Smiths', ownerId: 'ann-1', home: true, createdAt: START },
      },
    ]);
    expect([...holders]).toStrictEqual([
      ['email ann@example.com', 'ann-1'],
      ['username ann', 'ann-1'],
    ]);
  });

  it('makes an id and a time of creation for a line that has none', async () => {
    const { importUsers, eventStore } = createImportServices();
    await importUsers(importSource(ben), forReal, contextFrom());
    const id = `user for ${checksumOf(ben)}`;
    const { events } = await eventStore.readStream({ category: 'user', id });
    expect(events[0]?.event.data).toMatchObject({
      createdAt: START,
      provenance: { source: 'users.jsonl', id: '', checksum: checksumOf(ben) },
    });
  });

  it('appends accounts in batches of few sizes', async () => {
    const sizes: number[] = [];
    const through = (store: EventStore): EventStore => ({
      ...store,
      append: async (appends) => {
        sizes.push(appends.length);
        await store.append(appends);
      },
    });
    const { importUsers, importedUsers } = createImportServices({ through });
    const told: unknown[] = [];
    const report = await importUsers(
      importSource(...numbered(75)),
      forReal,
      contextFrom(),
      (...progress) => told.push(progress),
    );
    expect(report).toStrictEqual({ ...nothing, lines: 75, imported: 75 });
    expect(new Set(await importedUsers()).size).toBe(75);
    expect(sizes.sort((a, b) => b - a)).toStrictEqual([64, 64, 16, 4, 2]);
    expect(told.at(-1)).toStrictEqual(['store', 75, 75]);
  });
});

describe('importing users in a dry run', () => {
  it('reports every line and writes nothing', async () => {
    const { importUsers, importedUsers, holders } = createImportServices();
    const report = await importUsers(importSource(ann, '[]', ben), dryRun, contextFrom());
    expect(report).toStrictEqual({
      lines: 3,
      imported: 0,
      unchanged: 0,
      skipped: 1,
      importable: 2,
      problems: [{ line: 2, code: 'not_an_object' }],
    });
    expect([await importedUsers(), holders.size]).toStrictEqual([[], 0]);
  });
});

describe('importing a file with a line that has a problem', () => {
  const lines = [ann, { email: 'nobody' }, ben];

  it('imports no line', async () => {
    const { importUsers, importedUsers } = createImportServices();
    const report = await importUsers(importSource(...lines), forReal, contextFrom());
    expect(report).toStrictEqual({
      ...nothing,
      lines: 3,
      skipped: 1,
      importable: 2,
      problems: [{ line: 2, code: 'email_invalid' }],
    });
    expect(await importedUsers()).toStrictEqual([]);
  });

  it('imports the other lines when conflicts are skipped', async () => {
    const { importUsers, importedUsers } = createImportServices();
    const report = await importUsers(importSource(...lines), skipping, contextFrom());
    expect(report).toMatchObject({ imported: 2, skipped: 1, importable: 0 });
    expect(await importedUsers()).toStrictEqual(['ann-1', `user for ${checksumOf(ben)}`]);
  });

  it('lists the first 10,000 problems and counts the others', async () => {
    const { importUsers } = createImportServices();
    const source = importSource(...Array.from({ length: 10_001 }, () => '[]'));
    const { skipped, problems } = await importUsers(source, dryRun, contextFrom());
    expect([skipped, problems.length, problems.at(-1)?.line]).toStrictEqual([
      10_001, 10_000, 10_000,
    ]);
  });
});

describe('importing two lines with the same id or identifier', () => {
  it.each([
    ['email', { email: 'Alice@X.com' }, { email: ' alice@x.COM', username: 'alice' }],
    ['email', { email: '\uff41lice@x.com' }, { email: 'alice@x.com' }],
    ['username', { username: 'Alice' }, { username: 'alice', email: 'alice@x.com' }],
    ['id', { id: '7', email: 'alice@x.com' }, { id: '7', email: 'other@x.com' }],
    ['email', { email: 'alice@x.com' }, { email: 'alice@x.com' }],
  ])('imports the first one only: %s', async (kind, first, second) => {
    const { importUsers, importedUsers } = createImportServices();
    const report = await importUsers(importSource(first, second), skipping, contextFrom());
    expect(report).toStrictEqual({
      ...nothing,
      lines: 2,
      imported: 1,
      skipped: 1,
      problems: [{ line: 2, code: 'conflict', kind, otherLine: 1 }],
    });
    expect(await importedUsers()).toHaveLength(1);
  });

  it('reserves nothing for a line that is left out', async () => {
    const { importUsers } = createImportServices();
    const source = importSource(ann, { ...ben, username: 'ann' }, ben);
    expect(await importUsers(source, skipping, contextFrom())).toMatchObject({
      imported: 2,
      problems: [{ line: 2, code: 'conflict', kind: 'username', otherLine: 1 }],
    });
  });
});

describe('importing a line whose account exists', () => {
  const setUp = async () => {
    const services = createImportServices();
    await services.importUsers(importSource(ann), forReal, contextFrom());
    return services;
  };

  it.each([
    ['email', { email: 'ANN@example.com' }],
    ['username', { email: 'other@example.com', username: 'Ann' }],
    ['id', { id: 'ann-1', email: 'other@example.com' }],
    ['id', { ...ann, displayName: 'Another' }],
  ])('leaves the account alone and reports its id: %s', async (kind, line) => {
    const { importUsers, importedUsers } = await setUp();
    expect(await importUsers(importSource(line, ben), forReal, contextFrom())).toStrictEqual({
      ...nothing,
      lines: 2,
      skipped: 1,
      importable: 1,
      problems: [{ line: 1, code: 'conflict', kind, userId: 'ann-1' }],
    });
    expect(await importedUsers()).toStrictEqual(['ann-1']);
  });

  it('counts an account from the same line as unchanged, and imports the others', async () => {
    const { importUsers, importedUsers } = await setUp();
    const source = importSource(ann, ben);
    expect(await importUsers(source, forReal, contextFrom())).toStrictEqual({
      ...nothing,
      lines: 2,
      imported: 1,
      unchanged: 1,
    });
    expect(await importUsers(source, forReal, contextFrom())).toStrictEqual({
      ...nothing,
      lines: 2,
      unchanged: 2,
    });
    expect(await importedUsers()).toHaveLength(2);
  });

  it('recognises the account by its identifier when the line would get another id now', async () => {
    const { importUsers, eventStore, holders } = createImportServices();
    await importUsers(importSource(ben), forReal, contextFrom());
    const id = `user for ${checksumOf(ben)}`;
    const [imported] = (await eventStore.readStream({ category: 'user', id })).events;
    const later = createImportServices();
    if (imported === undefined) throw new TypeError('nothing was imported');
    const stream = { category: 'user', id: 'user_under_an_older_key' } as const;
    await later.eventStore.append([{ stream, expected: { revision: 'none' }, events: [imported] }]);
    for (const [key] of holders) later.holders.set(key, stream.id);
    expect(await later.importUsers(importSource(ben), forReal, contextFrom())).toStrictEqual({
      ...nothing,
      lines: 1,
      unchanged: 1,
    });
  });
});

describe('importing after an interrupted run', () => {
  it('uses the claims that the interrupted run left', async () => {
    const { importUsers, holders } = createImportServices();
    holders.set('email ann@example.com', 'ann-1');
    holders.set('email ben@example.com', `user for ${checksumOf(ben)}`);
    const report = await importUsers(importSource(ann, ben), forReal, contextFrom());
    expect(report).toStrictEqual({ ...nothing, lines: 2, imported: 2 });
  });
});

describe('importing the same file twice at once', () => {
  it('stores each account once', async () => {
    const { importUsers, importedUsers } = createImportServices();
    const source = importSource(...numbered(100));
    const reports = await Promise.all([
      importUsers(source, forReal, contextFrom()),
      importUsers(source, forReal, contextFrom()),
    ]);
    expect(reports.map(({ imported, unchanged }) => imported + unchanged)).toStrictEqual([
      100, 100,
    ]);
    expect(reports.map(({ imported }) => imported).reduce((a, b) => a + b)).toBe(100);
    const imported = await importedUsers();
    expect([imported.length, new Set(imported).size]).toStrictEqual([100, 100]);
  });
});

describe('importing while another user takes an identifier', () => {
  it('reports the line, imports the others, and releases the claims of the line', async () => {
    const services = createImportServices();
    const lines = [ann, { email: 'carl@example.com', username: 'carl' }, ben];
    const source = importSource(...lines);
    let passes = 0;
    const raced: ImportSource = {
      ...source,
      lines: () => {
        passes += 1;
        if (passes === 2) services.holders.set('username carl', 'user_somebody');
        return source.lines();
      },
    };
    expect(await services.importUsers(raced, forReal, contextFrom())).toStrictEqual({
      ...nothing,
      lines: 3,
      imported: 2,
      skipped: 1,
      problems: [{ line: 2, code: 'conflict', kind: 'username', userId: 'user_somebody' }],
    });
    expect(services.holders.has('email carl@example.com')).toBe(false);
  });
});

describe('importing a file that changes after its check', () => {
  it('leaves out every line that was not checked', async () => {
    const { importUsers, importedUsers } = createImportServices();
    const passes = [
      importSource(ann, ben, { email: 'carl@example.com' }),
      importSource(ben, ben, '[]', { email: 'late@example.com' }),
    ];
    const source: ImportSource = {
      ...importSource(),
      lines: () => (passes.shift() ?? importSource()).lines(),
    };
    expect(await importUsers(source, forReal, contextFrom())).toStrictEqual({
      ...nothing,
      lines: 3,
      imported: 1,
      skipped: 2,
      problems: [
        { line: 1, code: 'line_changed' },
        { line: 3, code: 'line_changed' },
      ],
    });
    expect(await importedUsers()).toStrictEqual([`user for ${checksumOf(ben)}`]);
  });
});

describe('importing while appends fail', () => {
  const failingFrom = (failure: (nth: number) => Error | undefined) => {
    let appends = 0;
    return (store: EventStore): EventStore => ({
      ...store,
      append: async (appended) => {
        appends += 1;
        const error = failure(appends);
        if (error !== undefined) throw error;
        await store.append(appended);
      },
    });
  };

  it('stores the accounts of a batch one by one when it lost its race', async () => {
    const conflict = new RevisionConflict({ category: 'user', id: 'ann-1' });
    const through = failingFrom((nth) => (nth <= 2 ? conflict : undefined));
    const { importUsers, importedUsers } = createImportServices({ through });
    const report = await importUsers(importSource(ann, ben), forReal, contextFrom());
    expect(report).toStrictEqual({ ...nothing, lines: 2, imported: 2 });
    expect(await importedUsers()).toStrictEqual(['ann-1', `user for ${checksumOf(ben)}`]);
  });

  it('gives up when an account loses every race', async () => {
    const conflict = new RevisionConflict({ category: 'user', id: 'ann-1' });
    const { importUsers, holders } = createImportServices({ through: failingFrom(() => conflict) });
    await expect(importUsers(importSource(ann), forReal, contextFrom())).rejects.toMatchObject({
      code: 'concurrent_update',
    });
    expect(holders.size).toBe(0);
  });

  it('passes the error on, keeps what is stored, and imports the others the next time', async () => {
    const away = new ApplicationError('service_unavailable');
    let isBack = false;
    const through = failingFrom((nth) => (nth > 3 && !isBack ? away : undefined));
    const { importUsers, importedUsers } = createImportServices({ through });
    const source = importSource(...numbered(200));
    await expect(importUsers(source, forReal, contextFrom())).rejects.toBe(away);
    const first = (await importedUsers()).length;
    expect(first).toBe(96);
    isBack = true;
    expect(await importUsers(source, forReal, contextFrom())).toStrictEqual({
      ...nothing,
      lines: 200,
      unchanged: first,
      imported: 200 - first,
    });
  });
});
