import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type AdoptionRun, openAdoptionRun } from '../../support/adopting/adoption-run.ts';
import { loadDump } from '../../support/adopting/legacy-database.ts';

/** Expects a refusal in a sentence, without a stack, that changes nothing. */
const expectRefusal = async (run: AdoptionRun, code: 1 | 2, ...args: readonly string[]) => {
  const before = await run.photograph();
  const finished = await run.command('adopt', ...args);
  const said = `${finished.stdout}${finished.stderr}`;
  expect({
    args,
    code: finished.code,
    isSaid: said !== '',
    hasStack: /^ +at /m.test(said),
  }).toStrictEqual({ args, code, isSaid: true, hasStack: false });
  expect(await run.photograph()).toStrictEqual(before);
};

describe('when a database is empty', () => {
  let run: AdoptionRun;
  beforeAll(async () => {
    run = await openAdoptionRun();
  });
  afterAll(() => run.drop());

  it('adopt is refused', () => expectRefusal(run, 1, '--all-tables'));

  it.each(['drift', 'rollback', 'finish'])('adopt %s is refused', (command) =>
    expectRefusal(run, 1, command),
  );

  it('migrate up applies every migration, and the tables agree with the events', async () => {
    expect(await run.command('migrate', 'up')).toMatchObject({ code: 0 });
    expect(await run.command('projections', 'verify')).toMatchObject({ code: 0 });
  });

  it('adopt is refused once the users are those of Latchkey', () => expectRefusal(run, 1));
});

describe('when an adoption is impossible or the command is used wrongly', () => {
  let run: AdoptionRun;
  beforeAll(async () => {
    run = await openAdoptionRun();
    await loadDump(run, 'integer-ids.sql');
  });
  afterAll(() => run.drop());

  it.each([
    ['an unknown table', ['--table', 'nowhere']],
    ['a table twice removed', ['--table', 'users; DROP TABLE tasks']],
    ['an owner who is not there', ['--table', 'tasks', '--owner', '77']],
    ['an unknown column', ['--table', 'tasks', '--map', 'email=nowhere']],
    ['the users themselves', ['--table', 'users']],
    ['a view', ['--table', 'open_tasks']],
    ['a table of ours that is not named', ['--table', 'task_comments']],
  ])('adopt refuses and changes nothing: %s', (_, args) => expectRefusal(run, 1, ...args));

  it.each([
    ['an unknown mode', ['--households', 'several']],
    ['an unknown option', ['--frobnicate']],
    ['an unknown command', ['sideways']],
    ['a map that is none', ['--map', 'email']],
    ['a map of a column Latchkey does not have', ['--map', 'shoe_size=email']],
  ])('adopt exits 2: %s', (_, args) => expectRefusal(run, 2, ...args));

  it.each(['migrate up', 'serve', 'users create --test', 'projections verify'])(
    'latchkey %s refuses the database, names adopt, and changes nothing',
    async (line) => {
      const before = await run.photograph();
      const { code, stderr } = await run.latchkey(...line.split(' '));
      expect({ code, stderr }).toStrictEqual({
        code: 1,
        stderr: expect.stringContaining('latchkey adopt'),
      });
      expect(await run.photograph()).toStrictEqual(before);
    },
  );
});
