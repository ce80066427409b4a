import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Photograph } from '../../support/adopting/adoption-photograph.ts';
import { type AdoptionRun, openAdoptionRun } from '../../support/adopting/adoption-run.ts';
import { loadLargeDump } from '../../support/adopting/legacy-database.ts';

const BIN = fileURLToPath(new URL('../../../bin/latchkey.js', import.meta.url));
const SIZE = { users: 400, rows: 6_000 };
const ADOPT = ['adopt', '--table', 'tasks', '--households', 'per-user'];
const ROLLBACK = ['adopt', 'rollback'];
const CHANCES = 5;
/** The answer where nothing is left to roll back: nothing was written, or all was restored. */
const ROLLED_BACK = 'rolled back';
const BACK_ALREADY = /^rolled back$|is not adopted/;

/** The rows of `users` and `tasks` as an application reads them. */
const CONTENTS = `SELECT count(*)::integer AS rows, count(DISTINCT household_id)::integer AS households,
  md5(string_agg(concat_ws(' ', id, user_id, title, completed), ',' ORDER BY id)) AS sum FROM tasks`;

/** Starts a command and kills it after `milliseconds`. @returns whether it was still running */
const killAfter = async (
  { environment }: AdoptionRun,
  args: readonly string[],
  milliseconds: number,
): Promise<boolean> => {
  const child = spawn(process.execPath, [BIN, ...args], {
    env: { PATH: process.env.PATH, ...environment },
    stdio: 'ignore',
  });
  const exited = once(child, 'exit');
  await Promise.race([sleep(milliseconds), exited]);
  child.kill('SIGKILL');
  await exited;
  return child.signalCode === 'SIGKILL';
};

describe('when an adoption is killed repeatedly', () => {
  let run: AdoptionRun;
  let before: Photograph;
  let adopted: readonly object[];
  let adoptMs = 0;
  let rollbackMs = 0;

  const time = async (args: readonly string[]): Promise<number> => {
    const began = performance.now();
    expect(await run.latchkey(...args)).toMatchObject({ code: 0 });
    return performance.now() - began;
  };

  beforeAll(async () => {
    run = await openAdoptionRun();
    await loadLargeDump(run, SIZE);
    await run.sql('UPDATE tasks SET title = title WHERE id % 7 = 5');
    before = await run.photograph();
    adoptMs = await time(ADOPT);
    adopted = await run.sql(CONTENTS);
    rollbackMs = await time(ROLLBACK);
    expect(await run.photograph()).toStrictEqual(before);
  });
  afterAll(() => run.drop());

  it('it reaches the same result, whenever it was killed', async () => {
    let killed = 0;
    for (let chance = 1; chance <= CHANCES; chance += 1) {
      // Spread from the start of the adoption to just before its end.
      const milliseconds = (adoptMs * (chance + Math.random())) / (CHANCES + 2);
      if (await killAfter(run, ADOPT, milliseconds)) killed += 1;
    }
    expect(killed).toBeGreaterThan(0);

    expect(await run.latchkey(...ADOPT)).toMatchObject({ code: 0 });

    expect(await run.sql(CONTENTS)).toStrictEqual(adopted);
    expect(await run.latchkey('projections', 'verify')).toMatchObject({ code: 0 });
    expect(await run.latchkey('adopt', 'drift')).toMatchObject({ code: 0 });
  }, 300_000);

  it('a rollback that is killed as often restores the database byte for byte', async () => {
    let killed = 0;
    for (let chance = 1; chance <= CHANCES; chance += 1) {
      const milliseconds = (rollbackMs * (chance + Math.random())) / (CHANCES + 2);
      if (await killAfter(run, ROLLBACK, milliseconds)) killed += 1;
    }
    expect(killed).toBeGreaterThan(0);

    const { code, stderr } = await run.latchkey(...ROLLBACK);
    expect(code === 0 ? ROLLED_BACK : stderr).toMatch(BACK_ALREADY);

    expect(await run.photograph()).toStrictEqual(before);
  }, 300_000);

  it('it can be rolled back from every point where it was killed', async () => {
    for (let chance = 1; chance <= CHANCES; chance += 1) {
      const milliseconds = (adoptMs * (chance + Math.random())) / (CHANCES + 2);
      await killAfter(run, ADOPT, milliseconds);
      const { code, stderr } = await run.latchkey(...ROLLBACK);
      expect(code === 0 ? ROLLED_BACK : stderr).toMatch(BACK_ALREADY);
      expect(await run.photograph()).toStrictEqual(before);
    }
  }, 300_000);
});

describe('when a database is adopted twice at the same time', () => {
  let run: AdoptionRun;
  beforeAll(async () => {
    run = await openAdoptionRun();
    await loadLargeDump(run, SIZE);
  });
  afterAll(() => run.drop());

  it('it is adopted once', async () => {
    const outcomes = await Promise.all([run.latchkey(...ADOPT), run.latchkey(...ADOPT)]);

    const [first, second] = outcomes.map(({ code }) => code).sort();
    expect(first).toBe(0);
    // The other command waited and found the database adopted, or reports the running adoption.
    expect([0, 1]).toContain(second);
    expect(
      await run.sql('SELECT type, count(*)::integer AS count FROM events GROUP BY 1 ORDER BY 1'),
    ).toStrictEqual([
      { type: 'HouseholdCreated', count: SIZE.users },
      { type: 'UserImported', count: SIZE.users },
    ]);
    expect(await run.latchkey('projections', 'verify')).toMatchObject({ code: 0 });
  });
});
