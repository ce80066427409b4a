import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { runCommand } from '../../../support/servers/command-line.ts';
import type { SignedIn } from '../../../support/servers/http-client.ts';
import { newMasterKey } from '../../../support/servers/latchkey-process.ts';
import {
  type RunningApp,
  skipSeconds,
  startRunningApp,
} from '../../../support/servers/running-app.ts';
import { createEmptyDatabase } from '../../../support/servers/test-database.ts';

const DAY = 86_400;
const LATCHKEY_MASTER_KEY = newMasterKey();

let app: RunningApp;
beforeAll(async () => {
  app = await startRunningApp({ LATCHKEY_MASTER_KEY });
});
afterAll(() => app.close());
afterEach(() => {
  vi.useRealTimers();
});

const environment = () => ({ DATABASE_URL: app.connectionString, LATCHKEY_MASTER_KEY });
const latchkey = (...args: string[]) => runCommand(args, environment());

const NOTHING = {
  household_invitations: 0,
  identifier_claims: 0,
  sessions: 0,
  refresh_tokens: 0,
  revoked_tokens: 0,
  tokens: 0,
  rate_limits: 0,
  invitation_addresses: 0,
  pending_accounts: 0,
};

describe('when sessions ended long ago', () => {
  let today: SignedIn;
  let eventsBefore: number;
  beforeAll(async () => {
    // Thirty idle days, thirty days of retention, and a little more.
    skipSeconds(-61 * DAY);
    const long = await app.client.signUp();
    await app.client.rotate(long, 2);
    await app.client.call('DELETE', '/v1/sessions/current', { token: long.accessToken });
    vi.useRealTimers();
    skipSeconds(-59 * DAY);
    await app.client.signUp();
    vi.useRealTimers();
    today = await app.client.signUp();
    await app.sql(
      `INSERT INTO identifier_claims VALUES ('email', 'gone@example.com', 'user_0', now() - interval '61 minutes'),
        ('email', 'under.way@example.com', 'user_0', now() + interval '1 minute')`,
    );
    eventsBefore = await app.countEvents();
  });

  it('cleanup deletes their rows, and no rows of other sessions', async () => {
    const { code, stdout, stderr } = await latchkey('cleanup', '--json');

    expect({ code, stderr, removed: JSON.parse(stdout) }).toStrictEqual({
      code: 0,
      stderr: '',
      removed: {
        ...NOTHING,
        identifier_claims: 1,
        sessions: 1,
        refresh_tokens: 3,
        revoked_tokens: 3,
        tokens: 2,
      },
    });
    expect((await app.client.me(today.accessToken)).status).toBe(200);
    expect((await app.client.refresh(today.refreshToken)).status).toBe(200);
  });

  it('cleanup keeps every event, and the tables agree with the log', async () => {
    expect(await app.countEvents()).toBe(eventsBefore + 1);
    expect((await latchkey('projections', 'verify')).code).toBe(0);
  });

  it('a second cleanup finds nothing to delete', async () => {
    const { stdout } = await latchkey('cleanup', '--json');
    expect(JSON.parse(stdout)).toStrictEqual(NOTHING);
    expect((await latchkey('cleanup')).stdout).toBe(
      [
        'table                  rows removed',
        'household_invitations  0',
        'identifier_claims      0',
        'sessions               0',
        'refresh_tokens         0',
        'revoked_tokens         0',
        'tokens                 0',
        'rate_limits            0',
        'invitation_addresses   0',
        'pending_accounts       0',
        '',
      ].join('\n'),
    );
  });
});

describe('when doctor is run', () => {
  type Finding = Readonly<{ check: string; value: string; problem?: string }>;

  it('finds no problem in a working installation', async () => {
    const { code, stdout } = await latchkey('doctor', '--json');

    const findings: Finding[] = JSON.parse(stdout);
    expect(code).toBe(0);
    expect(findings.filter(({ problem }) => problem !== undefined)).toStrictEqual([]);
    expect(findings.map(({ check }) => check)).toStrictEqual([
      'node',
      'environment',
      'address',
      'public URL',
      'data directory',
      'DATABASE_URL',
      'EVENTSTOREDB_URL',
      'LATCHKEY_MASTER_KEY',
      'signing algorithm',
      'registration',
      'refresh grace',
      'theft scope',
      'rate limits',
      'trusted proxies',
      'mail',
      'database',
      'migrations',
      'event store',
      'projections',
      'households',
      'signing keys',
      'mail queue',
    ]);
  });

  it('shows no secret, neither as text nor as JSON', async () => {
    const withPassword = app.connectionString.replace('@/', ':hunter2@/');
    for (const args of [['doctor'], ['doctor', '--json']]) {
      const { code, stdout, stderr } = await runCommand(args, {
        ...environment(),
        DATABASE_URL: withPassword,
      });
      expect(code).toBe(0);
      for (const secret of ['hunter2', LATCHKEY_MASTER_KEY, 'encrypted', '"d"']) {
        expect(stdout + stderr).not.toContain(secret);
      }
    }
  });

  it('changes nothing', async () => {
    const empty = await createEmptyDatabase();

    await runCommand(['doctor'], { ...environment(), DATABASE_URL: empty.connectionString });
    const { stdout } = await runCommand(['migrate', 'status'], {
      ...environment(),
      DATABASE_URL: empty.connectionString,
    });
    await empty.drop();

    expect(stdout).toMatch(/^0 applied, /);
  });

  it.each([
    ['the master key is another one', { LATCHKEY_MASTER_KEY: newMasterKey() }, 'signing keys'],
    ['the database is away', { DATABASE_URL: 'postgresql://x:hunter2@127.0.0.1:1/x' }, 'database'],
    ['the configuration is wrong', { PORT: 'hunter2' }, 'configuration'],
  ])('names the problem and exits 1 when %s', async (_, overrides, check) => {
    const { code, stdout, stderr } = await runCommand(['doctor', '--json'], {
      ...environment(),
      ...overrides,
    });

    const findings: Finding[] = JSON.parse(stdout);
    expect({ code, stderr }).toStrictEqual({ code: 1, stderr: '' });
    const wrong = findings.filter(({ problem }) => problem !== undefined);
    expect(wrong.map((finding) => finding.check)).toStrictEqual([check]);
    expect(stdout).not.toContain('hunter2');
  });
});
