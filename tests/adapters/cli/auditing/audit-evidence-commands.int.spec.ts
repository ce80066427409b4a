import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { tokens } from '../../../../src/composition/system-tokens.ts';
import { runCommand } from '../../../support/servers/command-line.ts';
import { visitor } from '../../../support/servers/composed-system.ts';
import type { SignedIn } from '../../../support/servers/http-client.ts';
import { newMasterKey } from '../../../support/servers/latchkey-process.ts';
import { type RunningApp, startRunningApp } from '../../../support/servers/running-app.ts';

const masterKey = newMasterKey();
let app: RunningApp;
let ann: SignedIn;
let ben: SignedIn;
let folder: string;

const audit = (...args: string[]) =>
  runCommand(['audit', ...args], {
    DATABASE_URL: app.connectionString,
    LATCHKEY_MASTER_KEY: masterKey,
  });
const inFolder = (name: string) => path.join(folder, name);

const keep = async (name: string, text: string): Promise<string> => {
  await writeFile(inFolder(name), text);
  return inFolder(name);
};

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'latchkey-evidence-'));
  app = await startRunningApp({ LATCHKEY_MASTER_KEY: masterKey });
  ann = await app.client.signUp();
  ben = await app.client.signUp();
});
afterAll(async () => {
  await app?.close();
  await rm(folder, { recursive: true, force: true });
});

describe('when the log was not changed', () => {
  it('audit checkpoint signs it, and signs nothing while nothing is new', async () => {
    const first = await audit('checkpoint');
    expect(first).toStrictEqual({ code: 0, stdout: expect.any(String), stderr: '' });
    expect(first.stdout).toMatch(
      /^checkpoint 1: 8 events in 6 streams, 8 in all\nroot [0-9a-f]{64}\n$/,
    );
    expect(await audit('checkpoint')).toStrictEqual({
      code: 0,
      stdout: 'nothing new since the last checkpoint\n',
      stderr: '',
    });
  });

  it('audit checkpoints lists and exports checkpoints, and never overwrites a file', async () => {
    const { stdout } = await audit('checkpoints', '--json');
    expect(JSON.parse(stdout)).toStrictEqual([
      {
        number: 1,
        madeAt: expect.stringMatching(/^\d{4}-.*Z$/),
        streams: 6,
        events: 8,
        total: 8,
        accepted: 0,
        root: expect.stringMatching(/^[0-9a-f]{64}$/),
      },
    ]);
    const file = inFolder('checkpoints.jsonl');
    expect(await audit('checkpoints', '--export', file)).toStrictEqual({
      code: 0,
      stdout: `1 checkpoints written to ${file}\n`,
      stderr: '',
    });
    expect((await readFile(file, 'utf8')).trim().split('\n')).toHaveLength(7);
    expect(await audit('checkpoints', '--export', file)).toStrictEqual({
      code: 2,
      stdout: '',
      stderr: `${file} exists already or cannot be written.\n`,
    });
  });

  it('audit key prints the public key, and compares it with a kept one', async () => {
    const { stdout } = await audit('key', '--json');
    const file = await keep('key.json', stdout);
    expect((await audit('key', '--compare', file)).code).toBe(0);
    const other = await keep('other.json', stdout.replace(/"x": "../, '"x": "AA'));
    expect(await audit('key', '--compare', other)).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^The key is not the one in /),
    });
    expect((await audit('verify', '--key', other)).stdout).toMatch(
      /^in the database checkpoint 1 has no signature of a trusted key\n/,
    );
  });

  it('audit verify finds nothing, with every kind of kept evidence', async () => {
    const file = inFolder('checkpoints.jsonl');
    const key = inFolder('key.json');
    expect(await audit('verify', '--deep', '--checkpoints', file, '--key', key)).toStrictEqual({
      code: 0,
      stdout: '8 events in 6 streams, 1 checkpoints, the last is number 1: unchanged\n',
      stderr: '',
    });
  });
});

describe('when the tables hold malformed data', () => {
  it.each([
    [
      'a chain value that is no text',
      `metadata = jsonb_set(metadata, '{chain}', '{"toString":1}')`,
    ],
    ['a subject that is no text', `metadata = jsonb_set(metadata, '{subject}', '[["a"],"b"]')`],
    ['a time without end', `occurred_at = 'infinity'`],
    ['a time before all times', `occurred_at = '0044-03-15 BC'`],
    [
      'what is nested without end',
      `data = (repeat('{"a":', 3000) || '1' || repeat('}', 3000))::jsonb`,
    ],
  ])('audit verify names the event that holds %s', async (_, change) => {
    const kept = 'data, metadata, occurred_at';
    const where = `WHERE stream_id = 'user-${ann.user.id}' AND revision = 0`;
    await app.sql(`CREATE TABLE kept AS SELECT ${kept} FROM events ${where}`);
    await app.sql(`UPDATE events SET ${change} ${where}`);
    const { code, stdout, stderr } = await audit('verify', '--deep');
    expect({ code, stderr }).toStrictEqual({ code: 1, stderr: '' });
    expect(stdout).toContain(`user-${ann.user.id}  `);
    await app.sql(`UPDATE events SET (${kept}) = (SELECT ${kept} FROM kept) ${where}`);
    await app.sql('DROP TABLE kept');
  });

  it('audit verify skips evidence keys that it did not seal', async () => {
    await app.sql(`INSERT INTO evidence_keys VALUES ('1', 'null', 'infinity', ''),
      ('2', '{"x":"eA"}', now(), repeat('é', 64))`);
    expect((await audit('verify')).code).toBe(0);
    await app.sql(`DELETE FROM evidence_keys WHERE kid IN ('1', '2')`);
  });
});

describe('when a user was erased', () => {
  it('audit verify finds nothing, as the remaining events are unchanged', async () => {
    const events = () =>
      app.sql('SELECT stream_id, revision, data, metadata FROM events ORDER BY global_position');
    const before = await events();
    await app.get(tokens.eraseUser)({ userId: ben.user.id, granted: null }, visitor);
    expect((await events()).slice(0, before.length)).toStrictEqual(before);
    const { code, stdout } = await audit('verify', '--deep', '--json');
    expect({ code, report: JSON.parse(stdout) }).toMatchObject({
      code: 0,
      report: { checkpoints: 1, findings: [], checkpointFindings: [], totalFindings: 0 },
    });
    expect((await audit('checkpoint')).stdout).toMatch(/^checkpoint 2: /);
  });
});

describe('when the log was changed', () => {
  it('audit verify names what, where and when, and audit checkpoint signs only after --accept', async () => {
    const stream = `user-${ann.user.id}`;
    await app.sql(`DELETE FROM events WHERE stream_id = $1`, stream);
    await app.sql(`DELETE FROM streams WHERE stream_id = $1`, stream);
    const verified = await audit('verify');
    expect(verified.code).toBe(1);
    const [heading, row, sum] = verified.stdout.split('\n');
    expect(heading).toMatch(/^what +stream +revision +position +shown by +when$/);
    expect(row?.split(/ {2,}/)).toStrictEqual([
      'stream removed',
      stream,
      '0 to 1',
      '-',
      'a checkpoint',
      expect.stringMatching(/^after checkpoint 1 \(\d{4}-.*Z\)$/),
    ]);
    expect(sum).toMatch(/2 checkpoints, the last is number 2: 1 findings$/);
    expect(await audit('checkpoint')).toMatchObject({
      code: 1,
      stderr: '1 findings: nothing was signed. Run latchkey audit verify.\n',
    });
    expect((await audit('checkpoint', '--accept')).stdout).toMatch(
      /^checkpoint 3: 0 events in 1 streams, \d+ in all\nroot \w+\naccepted as they are: 1 streams\n$/,
    );
    expect((await audit('verify')).code).toBe(0);
    expect((await audit('verify', '--checkpoints', inFolder('checkpoints.jsonl'))).code).toBe(0);
  });

  it('audit verify reports removed checkpoints to an operator with an export of them', async () => {
    await app.sql('DELETE FROM log_checkpoints');
    expect((await audit('verify')).code).toBe(0);
    const { code, stdout } = await audit('verify', '--checkpoints', inFolder('checkpoints.jsonl'));
    expect({ code, first: stdout.split('\n')[0] }).toStrictEqual({
      code: 1,
      first: 'in the database checkpoint 1 is missing',
    });
    await app.client.rotate(ann, 1);
    expect((await audit('checkpoint')).stdout).toMatch(/^checkpoint 4: /);
    expect((await audit('verify')).stdout).toMatch(
      /^(in the database checkpoint \d is missing\n){3}/,
    );
  });
});

describe('when the master key was replaced', () => {
  const rotated = (...args: string[]) =>
    runCommand(['audit', ...args], {
      DATABASE_URL: app.connectionString,
      LATCHKEY_MASTER_KEY: newKey,
      LATCHKEY_MASTER_KEY_PREVIOUS: masterKey,
    });
  const newKey = newMasterKey();

  it('the new key signs for the checkpoints of the old one', async () => {
    await app.client.signUp();
    const file = await keep('new-key.json', (await rotated('key', '--json')).stdout);
    expect(await rotated('key', '--compare', inFolder('key.json'))).toMatchObject({ code: 1 });
    expect((await rotated('checkpoint')).stdout).toMatch(/^checkpoint 5: /);
    const { stdout } = await rotated('verify', '--json', '--key', file);
    const gone = (number: number) => ({ kind: 'removed', number, source: 'database' });
    expect(JSON.parse(stdout)).toMatchObject({
      checkpoints: 2,
      checkpointFindings: [gone(1), gone(2), gone(3)],
      findings: [],
    });
  });
});

describe('when an option or file is missing or wrong', () => {
  it.each([
    ['verify', '--checkpoints', 'nowhere.jsonl'],
    ['verify', '--checkpoints', 'nonsense.jsonl'],
    ['verify', '--key', 'nonsense.jsonl'],
    ['verify', '--key', 'nowhere.jsonl'],
    ['key', '--compare', 'nonsense.jsonl'],
    ['checkpoints', '--export', 'no/such/folder'],
  ])('exits 2: %s %s %s', async (command, option, name) => {
    await keep('nonsense.jsonl', '{"number":1}\n');
    const { code, stdout, stderr } = await audit(command, option, inFolder(name));
    expect({ code, stdout }).toStrictEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(inFolder(name));
  });
});
