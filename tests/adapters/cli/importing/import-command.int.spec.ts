import { pbkdf2Sync } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import argon2 from 'argon2';
import { hash as bcrypt } from 'bcryptjs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { tokens } from '../../../../src/composition/system-tokens.ts';
import { PASSWORD_HASH } from '../../../support/identity/new-account.ts';
import { importSource } from '../../../support/importing/import-services.ts';
import { runCommand } from '../../../support/servers/command-line.ts';
import { allTables, visitor } from '../../../support/servers/composed-system.ts';
import { expectProblem, PASSWORD } from '../../../support/servers/http-client.ts';
import { newMasterKey } from '../../../support/servers/latchkey-process.ts';
import { type RunningApp, startRunningApp } from '../../../support/servers/running-app.ts';

const masterKey = newMasterKey();
let app: RunningApp;
let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'latchkey-import-'));
  app = await startRunningApp({ LATCHKEY_MASTER_KEY: masterKey });
});
afterAll(async () => {
  await app.close();
  rmSync(folder, { recursive: true });
});

type Line = string | object;

const write = (name: string, ...lines: readonly Line[]): string => {
  const file = path.join(folder, name);
  const texts = lines.map((line) => (typeof line === 'string' ? line : JSON.stringify(line)));
  writeFileSync(file, texts.join('\n'));
  return file;
};

const runImport = (...args: string[]) =>
  runCommand(['users', 'import', ...args], {
    DATABASE_URL: app.connectionString,
    LATCHKEY_MASTER_KEY: masterKey,
  });

const expectNoDrift = async () => {
  const { drift } = await app.get(tokens.projections).verify(allTables, () => undefined);
  expect(drift).toStrictEqual([]);
};

const django = (password: string): string => {
  const key = pbkdf2Sync(password, 'seasalt', 26_000, 32, 'sha256').toString('base64');
  return `pbkdf2_sha256$26000$seasalt$${key}`;
};

describe('when accounts with password hashes of other systems are imported', () => {
  it.each<[string, () => Promise<string> | string]>([
    ['bcrypt', () => bcrypt(PASSWORD, 5)],
    ['PBKDF2, as Django writes it', () => django(PASSWORD)],
    ['argon2id', () => argon2.hash(PASSWORD, { memoryCost: 8_192, timeCost: 1, parallelism: 2 })],
  ])(
    'the user signs in with the old password, which is then hashed anew: %s',
    async (name, hashOf) => {
      const id = `old-${name.slice(0, 6)}`;
      const passwordHash = await hashOf();
      const line = { id, email: `${id}@Example.com`, emailVerified: true, passwordHash };
      expect(await runImport(write('one.jsonl', line))).toStrictEqual({
        code: 0,
        stdout: '1 lines: 1 imported, 0 unchanged, 0 skipped\n',
        stderr: '',
      });

      expectProblem(await app.client.signIn(line.email, 'not the password'), 'invalid_credentials');
      const { status, json } = await app.client.signIn(line.email, PASSWORD);
      expect({ status, json }).toMatchObject({
        status: 201,
        json: { user: { id, emailVerified: true, household: { name: 'Home' } } },
      });
      expect(await app.events(`user-${id}`)).toStrictEqual([
        'UserImported',
        'SignInFailed',
        'PasswordRehashed',
      ]);
      const [row] = await app.sql<{ password_hash: string }>(
        'SELECT password_hash FROM users WHERE id = $1',
        id,
      );
      expect(row?.password_hash).toMatch(PASSWORD_HASH);
      expect((await app.client.signIn(line.email, PASSWORD)).status).toBe(201);
      expect((await runImport(write('one.jsonl', line))).stdout).toBe(
        '1 lines: 0 imported, 1 unchanged, 0 skipped\n',
      );
      await expectNoDrift();
    },
  );
});

describe('when an imported account has no password, or is deactivated', () => {
  it('the user cannot sign in', async () => {
    const passwordHash = await bcrypt(PASSWORD, 4);
    const file = write(
      'closed.jsonl',
      { username: 'nopass' },
      { username: 'switchedoff', active: false, passwordHash },
    );
    expect((await runImport(file)).code).toBe(0);
    expectProblem(await app.client.signIn('nopass'), 'invalid_credentials');
    expectProblem(await app.client.signIn('switchedoff'), 'invalid_credentials');
  });
});

const MIXED = [
  '\ufeff{"id":"m-1","email":"mixed@example.com"}\r',
  '',
  'not JSON',
  '{"id":"m-2","email":"MIXED@example.com"}',
  '{"email":"mixed2@example.com","phone":"+49"}',
  '{"username":"mixed","displayName":"\\ud800"}',
  `{"username":"${'x'.repeat(70_000)}"}`,
  '{"id":"m-3","username":"mixed3"}',
];

describe('when some lines have problems', () => {
  const table = [
    'line  problem',
    '3     not_json',
    '4     conflict email: line 1',
    '5     unknown_member phone',
    '6     malformed_text displayName',
    '7     line_too_long',
  ];

  it('names line and problem, and imports nothing', async () => {
    const before = await app.countEvents();
    const last = '7 lines: 0 imported, 0 unchanged, 5 skipped, 2 could be imported';
    const expected = { code: 1, stdout: `${[...table, last].join('\n')}\n`, stderr: '' };
    const file = write('mixed.jsonl', ...MIXED);
    expect(await runImport(file)).toStrictEqual(expected);
    expect(await runImport(file, '--dry-run')).toStrictEqual(expected);
    expect(await app.countEvents()).toBe(before);
  });

  it('imports the other lines with --skip-conflicts, and reports as JSON', async () => {
    const file = write('mixed.jsonl', ...MIXED);
    const { code, stdout } = await runImport(file, '--skip-conflicts', '--json');
    expect({ code, report: JSON.parse(stdout) }).toStrictEqual({
      code: 0,
      report: {
        lines: 7,
        imported: 2,
        unchanged: 0,
        skipped: 5,
        importable: 0,
        problems: [
          { line: 3, code: 'not_json' },
          { line: 4, code: 'conflict', kind: 'email', otherLine: 1 },
          { line: 5, code: 'unknown_member', member: 'phone' },
          { line: 6, code: 'malformed_text', member: 'displayName' },
          { line: 7, code: 'line_too_long' },
        ],
      },
    });
    await expectNoDrift();
  });

  it('names the account that holds an identifier, but not the identifier', async () => {
    const { user } = await app.client.signUp();
    const file = write('taken.jsonl', { email: user.email.toUpperCase() });
    const { code, stdout } = await runImport(file);
    expect(code).toBe(1);
    expect(stdout).toBe(
      `line  problem\n1     conflict email: existing account ${user.id}\n` +
        '1 lines: 0 imported, 0 unchanged, 1 skipped\n',
    );
  });
});

describe('when users import is used wrongly', () => {
  it.each([[[]], [['missing.jsonl']], [['.']], [['a.jsonl', '--force']]])(
    'exits 2: %j',
    async (args) => expect((await runImport(...args)).code).toBe(2),
  );
});

describe('when a file is imported several times at once', () => {
  it.each([
    ['with ids', (n: number) => ({ id: `p-${n}`, email: `p${n}@parallel.example.com` })],
    ['without ids', (n: number) => ({ email: `q${n}@parallel.example.com`, username: `q.${n}.q` })],
  ])('stores each account once, %s', async (_, lineOf) => {
    const lines = Array.from({ length: 300 }, (_, n) => lineOf(n));
    const importUsers = app.get(tokens.importUsers);
    const options = { dryRun: false, skipConflicts: false };
    const before = (await app.sql("SELECT FROM events WHERE type = 'UserImported'")).length;
    const reports = await Promise.all(
      [1, 2, 3].map(() => importUsers(importSource(...lines), options, visitor)),
    );
    for (const report of reports) {
      expect(report).toMatchObject({ skipped: 0, importable: 0, problems: [] });
      expect(report.imported + report.unchanged).toBe(300);
    }
    expect(reports.reduce((sum, { imported }) => sum + imported, 0)).toBe(300);
    const after = (await app.sql("SELECT FROM events WHERE type = 'UserImported'")).length;
    expect(after - before).toBe(300);
    await expectNoDrift();
    const unconfirmed = await app.sql('SELECT FROM identifier_claims WHERE expires_at IS NOT NULL');
    expect(unconfirmed).toHaveLength(0);
  });
});

describe('when an imported account is stored', () => {
  it('its events in the log contain neither address nor name nor hash in plain text', async () => {
    const passwordHash = await bcrypt(PASSWORD, 4);
    const line = { email: 'rest@secret.example.com', displayName: 'Restful Person', passwordHash };
    await runImport(write('rest.jsonl', line));
    const events = await app.sql<{ text: string }>('SELECT e::text AS text FROM events AS e');
    const streams = await app.sql<{ text: string }>('SELECT s::text AS text FROM streams AS s');
    const all = [...events, ...streams].map(({ text }) => text).join('\n');
    for (const secret of ['secret.example.com', 'Restful', passwordHash]) {
      expect(all).not.toContain(secret);
    }
  });
});
