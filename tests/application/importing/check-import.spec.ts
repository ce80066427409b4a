import { describe, expect, it } from 'vitest';
import type { ImportSource } from '../../../src/application/importing/import-source.ts';
import { createImportTally } from '../../../src/application/importing/import-tally.ts';
import { START } from '../../support/events/token-family-fixtures.ts';
import {
  createImportServices,
  importableUser,
  importSource,
} from '../../support/importing/import-services.ts';
import { contextFrom } from '../../support/sessions/session-services.ts';

const ann = { id: 'ann-1', email: 'ann@example.com', username: 'ann' };
const ben = { email: 'ben@example.com' };

const setUp = () => {
  const services = createImportServices();
  const tally = createImportTally();
  const progress: number[] = [];
  return {
    ...services,
    tally,
    progress,
    check: (source: ImportSource) =>
      services.checkImport(source, tally, START, (bytes) => progress.push(bytes)),
  };
};

describe('checking a file to import', () => {
  it('finds every line importable, and writes nothing', async () => {
    const { check, tally, importedUsers, holders } = setUp();
    const { index, lastLine } = await check(importSource(ann, ben));
    expect(tally.report()).toStrictEqual({
      lines: 2,
      imported: 0,
      unchanged: 0,
      skipped: 0,
      importable: 2,
      problems: [],
    });
    expect(lastLine).toBe(2);
    expect(index.holds(importableUser(ann, 1))).toBe(true);
    expect(index.holds(importableUser(ben, 2))).toBe(true);
    expect([await importedUsers(), holders.size]).toStrictEqual([[], 0]);
  });

  it('settles a malformed line, and a line that wants what an earlier one has', async () => {
    const { check, tally } = setUp();
    await check(importSource(ann, '[]', { email: 'other@example.com', username: 'Ann' }));
    expect(tally.report()).toMatchObject({
      skipped: 2,
      importable: 1,
      problems: [
        { line: 2, code: 'not_an_object' },
        { line: 3, code: 'conflict', kind: 'username', otherLine: 1 },
      ],
    });
    expect([1, 2, 3].map(tally.isRecorded)).toStrictEqual([false, true, true]);
  });

  it('settles a line that was imported before, and one whose identifier is taken', async () => {
    const { check, tally, importUsers } = setUp();
    const options = { dryRun: false, skipConflicts: false };
    await importUsers(importSource(ann), options, contextFrom());
    await check(importSource(ann, { email: 'ann@example.com', displayName: 'Another' }, ben));
    expect(tally.report()).toMatchObject({
      unchanged: 1,
      skipped: 1,
      importable: 1,
      problems: [{ line: 2, code: 'conflict', kind: 'email' }],
    });
  });

  it('looks up 500 accounts at once, and reports how far it is after each', async () => {
    const { check, tally, progress } = setUp();
    const lines = Array.from({ length: 1_001 }, (_, n) => ({ email: `user${n}@example.com` }));
    const source = importSource(...lines);
    await check({
      ...source,
      lines: async function* () {
        for await (const line of source.lines()) yield { ...line, end: line.number * 10 };
      },
    });
    expect(progress).toStrictEqual([5_000, 10_000]);
    expect(tally.report()).toMatchObject({ lines: 1_001, importable: 1_001 });
  });
});
