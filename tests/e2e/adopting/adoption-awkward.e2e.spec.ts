import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type AdoptionRun, openAdoptionRun } from '../../support/adopting/adoption-run.ts';
import {
  type AwkwardDatabase,
  awkwardDatabases,
} from '../../support/adopting/awkward-databases.ts';
import { type DumpServer, openDumpServer } from '../../support/adopting/dump-server.ts';

let server: DumpServer;
beforeAll(async () => {
  server = await openDumpServer();
});
afterAll(() => server.stop());

const open = async ({ sql }: AwkwardDatabase): Promise<AdoptionRun> => {
  const run = await openAdoptionRun(server);
  await run.sql(sql);
  return run;
};

const argumentsFor = ({ tables = ['notes'], options = [] }: AwkwardDatabase): readonly string[] => [
  'adopt',
  ...tables.flatMap((table) => ['--table', table]),
  ...options,
];

const casesOf = (outcome: AwkwardDatabase['outcome']) =>
  awkwardDatabases
    .filter((awkward) => awkward.outcome === outcome)
    .map((awkward) => [awkward.what, awkward] as const);

const succeed = async (run: AdoptionRun, ...args: readonly string[]) => {
  const { code, stderr } = await run.command(...args);
  expect({ args, code, stderr: code === 0 ? '' : stderr }).toStrictEqual({
    args,
    code: 0,
    stderr: '',
  });
};

describe('when a database has an unusual schema', () => {
  it.each(casesOf('adopted'))(
    'it is adopted, takes new users, and is rolled back: %s',
    async (_, awkward) => {
      const run = await open(awkward);
      const before = await run.photograph();
      await succeed(run, ...argumentsFor(awkward), '--dry-run');
      expect(await run.photograph()).toStrictEqual(before);

      await succeed(run, ...argumentsFor(awkward));
      await succeed(run, 'projections', 'verify');
      await succeed(run, 'users', 'create', '--test');
      await succeed(run, 'projections', 'rebuild');

      expect((await run.command('adopt', 'rollback')).code).toBe(1);
      await succeed(run, 'adopt', 'rollback', '--discard-events');
      expect(await run.photograph()).toStrictEqual(before);
      await run.drop();
    },
  );
});

describe('when a database cannot be adopted', () => {
  it.each(casesOf('refused'))(
    'adopt refuses it beforehand, and changes nothing: %s',
    async (_, awkward) => {
      const run = await open(awkward);
      const before = await run.photograph();
      for (const args of [[...argumentsFor(awkward), '--dry-run'], argumentsFor(awkward)]) {
        const { code, stdout, stderr } = await run.command(...args);
        expect({
          code,
          isSaid: `${stdout}${stderr}` !== '',
          isBroken: stderr.includes('    at '),
        }).toStrictEqual({ code: 1, isSaid: true, isBroken: false });
        expect(await run.photograph()).toStrictEqual(before);
      }
      await run.drop();
    },
  );
});
