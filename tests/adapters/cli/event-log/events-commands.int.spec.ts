import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTwoStores, signUp, type TwoStores } from '../../../support/event-log/two-stores.ts';
import { runCommand } from '../../../support/servers/command-line.ts';
import { newMasterKey } from '../../../support/servers/latchkey-process.ts';

const there = ['events', 'copy', '--from', 'postgres', '--to', 'eventstoredb'];

describe('when latchkey events copy is run', () => {
  let stores: TwoStores;
  beforeAll(async () => {
    stores = await openTwoStores();
    await signUp(await stores.open('postgres'));
  });
  afterAll(() => stores?.close());

  it.each([
    [['--from', 'postgres', '--to', 'postgres'], '--from and --to must differ'],
    [['--from', 'mysql', '--to', 'postgres'], 'expected postgres or eventstoredb, not "mysql"'],
    [
      ['--from', 'postgres', '--to', 'eventstoredb', '--wait', 'soon'],
      '--wait must be a number of seconds, 0 or more',
    ],
  ])('refuses %j', async (options, sentence) => {
    const finished = await runCommand(['events', 'copy', ...options], stores.settings.eventstoredb);
    expect(finished).toStrictEqual({ code: 2, stdout: '', stderr: `${sentence}\n` });
  });

  it('refuses without EVENTSTOREDB_URL', async () => {
    expect(await runCommand(there, stores.settings.postgres)).toStrictEqual({
      code: 1,
      stdout: '',
      stderr:
        'Copying the event log needs both stores: set EVENTSTOREDB_URL for either direction.\n',
    });
  });

  it('refuses in one sentence a log that is already at its target', async () => {
    const back = ['events', 'copy', '--from', 'eventstoredb', '--to', 'postgres'];
    expect(await runCommand(back, stores.settings.eventstoredb)).toStrictEqual({
      code: 1,
      stdout: '',
      stderr: 'The event log is in PostgreSQL already.\n',
    });
  });

  it('reports the copy, how long writes were stopped, and the next step, with any master key', async () => {
    const finished = await runCommand(there, {
      ...stores.settings.eventstoredb,
      LATCHKEY_MASTER_KEY: newMasterKey(),
    });

    expect(finished).toStrictEqual({
      code: 0,
      stdout: expect.stringMatching(
        new RegExp(
          [
            String.raw`^copied 4 of 4 events in \d+\.\d s \(\d+/s\)`,
            'verified: every event and its chain, the counts, the end of every stream',
            String.raw`writes were stopped for \d+\.\d s`,
            'The event log is in EventStoreDB: restart every server with EVENTSTOREDB_URL; servers without it refuse to write\\.\n$',
          ].join('\n'),
        ),
      ),
      stderr: '',
    });
  });

  it('afterwards commands work with the new location, and are refused with the old one', async () => {
    const verify = ['projections', 'verify'];
    expect(await runCommand(verify, stores.settings.eventstoredb)).toStrictEqual({
      code: 0,
      stdout: 'compared with 4 events: 0 differences\n',
      stderr: '',
    });
    expect((await runCommand(verify, stores.settings.postgres)).code).toBe(1);
    const down = ['migrate', 'down', '--all'];
    expect(await runCommand(down, stores.settings.eventstoredb)).toMatchObject({ code: 1 });
    expect((await runCommand(['migrate', 'up'], stores.settings.eventstoredb)).code).toBe(0);
    expect((await runCommand(verify, stores.settings.eventstoredb)).code).toBe(0);
  });
});
