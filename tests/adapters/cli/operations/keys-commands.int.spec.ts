import { decodeProtectedHeader } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { tokens } from '../../../../src/composition/system-tokens.ts';
import { runCommand } from '../../../support/servers/command-line.ts';
import type { SignedIn } from '../../../support/servers/http-client.ts';
import { newMasterKey } from '../../../support/servers/latchkey-process.ts';
import { type RunningApp, startRunningApp } from '../../../support/servers/running-app.ts';

type Key = Readonly<{ kid: string; status: string }>;

const LATCHKEY_MASTER_KEY = newMasterKey();
let app: RunningApp;
beforeAll(async () => {
  app = await startRunningApp({ LATCHKEY_MASTER_KEY });
});
afterAll(() => app.close());

const keys = (...args: string[]) =>
  runCommand(['keys', ...args], { DATABASE_URL: app.connectionString, LATCHKEY_MASTER_KEY });

const listed = async (...args: string[]): Promise<readonly Key[]> => {
  const { code, stdout, stderr } = await keys(...args, '--json');
  expect({ code, stderr }).toStrictEqual({ code: 0, stderr: '' });
  return JSON.parse(stdout) as Key[];
};

const published = async (): Promise<readonly string[]> => {
  const { json } = await app.client.call('GET', '/.well-known/jwks.json');
  return (json as { keys: Key[] }).keys.map(({ kid }) => kid);
};

const kidOf = ({ accessToken }: SignedIn) => decodeProtectedHeader(accessToken).kid;
const withStatus = (all: readonly Key[], status: string) =>
  all.filter((key) => key.status === status).map(({ kid }) => kid);

describe('when keys list is run', () => {
  it('shows the active and the next key, without private keys', async () => {
    const all = await listed('list');

    const time = expect.stringMatching(/^\d{4}-\d\d-\d\dT/);
    const common = { kid: expect.stringMatching(/^[\w-]{43}$/), algorithm: 'ES256' };
    const rest = { createdAt: time, retiredAt: null };
    expect(all).toHaveLength(2);
    expect(all).toStrictEqual(
      expect.arrayContaining([
        { ...common, status: 'next', ...rest, activatedAt: null },
        { ...common, status: 'active', ...rest, activatedAt: time },
      ]),
    );
    expect((await keys('list')).stdout).toMatch(
      /^kid +algorithm +status +created +activated +retired\n/,
    );
  });
});

describe('when the keys are rotated while the service runs', () => {
  let before: SignedIn;
  let publishedBefore: readonly string[];
  let rotated: readonly Key[];
  beforeAll(async () => {
    before = await app.client.signUp();
    publishedBefore = await published();
    rotated = await listed('rotate');
  });

  it('the service signs with the next key, which was already published', () => {
    const [active] = withStatus(rotated, 'active');

    expect(publishedBefore).toContain(active);
    expect(active).not.toBe(kidOf(before));
    expect(withStatus(rotated, 'retired')).toStrictEqual([kidOf(before)]);
    expect(withStatus(rotated, 'next')).toHaveLength(1);
  });

  it('the service accepts tokens that were signed earlier', async () => {
    expect((await app.client.me(before.accessToken)).status).toBe(200);
  });

  it('the service signs and publishes the new keys once it has read them', async () => {
    await app.get(tokens.signingKeys).load();

    const after = await app.client.signUp();
    expect(withStatus(rotated, 'active')).toStrictEqual([kidOf(after)]);
    expect((await published()).toSorted()).toStrictEqual(rotated.map(({ kid }) => kid).sort());
    expect((await app.client.me(after.accessToken)).status).toBe(200);
    expect((await app.client.me(before.accessToken)).status).toBe(200);
  });
});

describe('when another process has read the new keys first', () => {
  it('the service accepts its tokens at once, and it accepts those of the service', async () => {
    await keys('rotate');
    const other = await startRunningApp({ LATCHKEY_MASTER_KEY }, app);
    try {
      const theirs = await other.client.signUp();
      const ours = await app.client.signUp();

      expect(kidOf(theirs)).not.toBe(kidOf(ours));
      expect((await app.client.me(theirs.accessToken)).status).toBe(200);
      expect((await other.client.me(ours.accessToken)).status).toBe(200);
    } finally {
      await other.close();
    }
  });
});

describe('when the master key is another one', () => {
  it.each([
    'keys rotate',
    'keys list',
    'users deactivate user_0',
    'projections rebuild',
    'cleanup',
  ])('"%s" is refused before it writes what the service cannot read', async (command) => {
    const before = await listed('list');

    const result = await runCommand(command.split(' '), {
      DATABASE_URL: app.connectionString,
      LATCHKEY_MASTER_KEY: newMasterKey(),
    });

    expect(result).toStrictEqual({
      code: 1,
      stdout: '',
      stderr:
        'The master key does not open the signing keys in this database: it was set up with another LATCHKEY_MASTER_KEY.\n',
    });
    expect(await listed('list')).toStrictEqual(before);
  });
});
