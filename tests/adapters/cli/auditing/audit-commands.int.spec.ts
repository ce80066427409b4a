import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { tokens } from '../../../../src/composition/system-tokens.ts';
import { runCommand } from '../../../support/servers/command-line.ts';
import type { SignedIn } from '../../../support/servers/http-client.ts';
import { newMasterKey } from '../../../support/servers/latchkey-process.ts';
import { type RunningApp, startRunningApp } from '../../../support/servers/running-app.ts';

const THIEF = 'curl/8.0 (somebody else)';
const TIME = '\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z';

const masterKey = newMasterKey();
let app: RunningApp;
let stolen: SignedIn;
let signedOut: SignedIn;
let alive: SignedIn;
beforeAll(async () => {
  app = await startRunningApp({ LATCHKEY_MASTER_KEY: masterKey });
  stolen = await app.client.signUp();
  const [, second] = await app.client.rotate(stolen, 2);
  await app.client.refresh(second?.refreshToken ?? '');
  await app.client.refresh(stolen.refreshToken, THIEF);
  signedOut = await app.client.signUp();
  await app.client.call('DELETE', '/v1/sessions/current', { token: signedOut.accessToken });
  alive = await app.client.signUp();
});
afterAll(() => app.close());

const theft = (...args: string[]) =>
  runCommand(['audit', 'theft', ...args], {
    DATABASE_URL: app.connectionString,
    LATCHKEY_MASTER_KEY: masterKey,
  });

describe('when a refresh token of the family was stolen', () => {
  it('audit theft prints the history as text', async () => {
    const { code, stdout, stderr } = await theft(stolen.sessionId);

    expect({ code, stderr }).toStrictEqual({ code: 0, stderr: '' });
    const user = stolen.user.id;
    const me = `127\\.0\\.0\\.1 {2}Laptop/1\\.0 \\(tests\\)`;
    const thief = `127\\.0\\.0\\.1 {2}curl/8\\.0 \\(somebody else\\)`;
    const story = [
      `Family {4}${stolen.sessionId}`,
      `User {6}${user}`,
      `Verdict {3}theft at ${TIME}: the token was two or more rotations old`,
      ' {10}presented generation 0, issued \\d+ s and superseded \\d+ s before; live generation 2',
      ` {10}presenter {5}${thief} {2}\\[client 2\\]`,
      ` {10}live holder {3}${me} {2}\\[client 1\\]`,
      ' {10}policy {8}grace 30 s, lost response: revoke, at most 10 replays',
      `Split {5}${TIME} {2}generation 1 issued to ${me} {2}\\[client 1\\]`,
      `Revoked {3}${TIME} {2}theft`,
      'Chain {5}intact',
      'Proven {4}5 decisions repeated from the log give exactly the recorded events',
      '',
      '# {2}when {22}what +actor +from',
      `0 {2}${TIME} {2}signed in: generation 0 issued, access token \\.0 +${user} {2}${me}`,
      `1 {2}${TIME} {2}generation 1 issued, access token \\.1 +${user} {2}${me}`,
      `2 {2}${TIME} {2}generation 2 issued, access token \\.2 +${user} {2}${me}`,
      `3 {2}${TIME} {2}generation 2 issued again, access token \\.3 +${user} {2}${me}`,
      `4 {2}${TIME} {2}THEFT: generation 0 presented +system +${thief}`,
      `5 {2}${TIME} {2}family revoked +system +-`,
      '',
      'Holders of each generation:',
      'generation {2}issued +to +superseded +presented again',
      `0 +${TIME} +${me} {2}\\[client 1\\] {2}${TIME} {2}${TIME} ${thief} {2}\\[client 2\\] THEFT`,
      `1 +${TIME} +${me} {2}\\[client 1\\] {2}${TIME} {2}${TIME} ${me} {2}\\[client 1\\]`,
      `2 +${TIME} +${me} {2}\\[client 1\\] +- +-`,
      '',
      'Access tokens minted after the split:',
      'jti +generation +minted +expires +valid until +ended by',
      ...[1, 2, 3].map(
        (n) =>
          `${stolen.sessionId}\\.${n} {2}${Math.min(n, 2)} {11}${TIME} {2}${TIME} {2}${TIME} {2}end of the session`,
      ),
      '',
      'Actions performed with them: none',
      '',
    ];
    for (const [index, line] of stdout.split('\n').entries()) {
      expect(line).toMatch(new RegExp(`^${story[index]}$`));
    }
    expect(stdout.split('\n')).toHaveLength(story.length);
  });

  it('audit theft --json prints the history as JSON', async () => {
    const { code, stdout } = await theft(stolen.sessionId, '--json');

    const { replayTheft } = app.get(tokens.audit);
    const story = await replayTheft(stolen.sessionId);
    expect({ code, story: JSON.parse(stdout) }).toStrictEqual({
      code: 0,
      story: JSON.parse(JSON.stringify(story)),
    });
    expect(story).toMatchObject({
      theft: { cause: 'older_generation', presenter: { userAgent: THIEF, client: 2 } },
      reproduction: { verdict: 'proven', decisions: 5 },
      blastRadius: { known: true, events: [] },
    });
  });

  it.each([
    [
      ['--grace', '1h'],
      'grace 3600 s',
      'No difference: every request would have had the same outcome.',
    ],
    [['--max-replays', '0'], 'at most 0 replays', 'it would be   refused: issued again too often'],
  ])('shows what another policy would have decided: %j', async (options, asked, answer) => {
    const { code, stdout } = await theft(stolen.sessionId, ...options);
    expect(code).toBe(0);
    expect(stdout).toContain(`What if: ${asked}`);
    expect(stdout).toContain(answer);
  });

  it.each([
    [['--grace', 'soon'], '--grace must be a time span such as 60s, 2m, 24h or 7d'],
    [['--lost-response', 'ignore'], '--lost-response must be recover or revoke'],
    [['--max-replays', '-1'], '--max-replays must be a whole number'],
  ])('exits 2 for %j', async (options, message) => {
    expect(await theft(stolen.sessionId, ...options)).toStrictEqual({
      code: 2,
      stdout: '',
      stderr: `${message}\n`,
    });
  });

  it('accepts the family id in capitals', async () => {
    expect((await theft(stolen.sessionId.toUpperCase())).code).toBe(0);
  });
});

describe('when no token was stolen', () => {
  it('audit theft reports no theft for a session that was signed out', async () => {
    const { code, stdout } = await theft(signedOut.sessionId);

    expect(code).toBe(0);
    expect(stdout).toMatch(/^Verdict {3}no theft\nRevoked {3}\S+ {2}signed out\nChain/m);
  });

  it('audit theft reports no theft for a live session', async () => {
    const { code, stdout } = await theft(alive.sessionId, '--json');

    expect({ code, story: JSON.parse(stdout) }).toMatchObject({
      code: 0,
      story: { theft: null, revocation: null },
    });
  });
});

describe('when an event of the log was edited', () => {
  it('audit theft names the first event that breaks the chain', async () => {
    await app.sql(
      `UPDATE events SET data = jsonb_set(data, '{generation}', '7')
        WHERE stream_id = $1 AND revision = 2`,
      `tokenFamily-${stolen.sessionId}`,
    );

    const { code, stdout } = await theft(stolen.sessionId);
    expect(code).toBe(1);
    expect(stdout).toContain('\nChain     BROKEN at event 2\n');
    expect(stdout).toContain('\nProven    NO: at event 2 the log has RefreshTokenRotated, ');
    expect(JSON.parse((await theft(stolen.sessionId, '--json')).stdout)).toMatchObject({
      chain: { intact: false, firstBroken: '2' },
    });
  });
});

describe('when the thief’s user agent contains control characters', () => {
  it('audit theft prints none of them', async () => {
    const pair = await app.client.signUp();
    await app.client.rotate(pair, 2);
    await app.client.refresh(pair.refreshToken, 'a\u009b31mb\tc\u0085d');

    const { stdout } = await theft(pair.sessionId);

    expect(stdout).toMatch(/presenter {5}127\.0\.0\.1 {2}a.?\ufffd31mb\ufffdc/);
    expect(stdout).not.toMatch(/[^\P{Cc}\n]/u);
  });
});

describe('when the family does not exist', () => {
  it('audit theft refuses and exits 1', async () => {
    expect(await theft('00000000-0000-4000-8000-000000000000')).toStrictEqual({
      code: 1,
      stdout: '',
      stderr: 'Refused: session_not_found.\n',
    });
  });

  it.each(['x', '', '../../etc/passwd', `${'0'.repeat(36)}`, "' OR 1=1 --"])(
    'exits 2 for "%s", which is not a family id',
    async (family) => {
      expect(await theft(family)).toStrictEqual({
        code: 2,
        stdout: '',
        stderr: '<family> must be a UUID: the sessionId of its token pairs\n',
      });
    },
  );
});
