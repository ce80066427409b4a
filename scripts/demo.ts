/**
 * Signs a user up, plays a theft against the running service over HTTP, and prints what the log
 * holds of it: `npm run demo`.
 * Every step asserts what it expects; the first that differs ends the demo with exit code 1.
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';

const BASE = process.env.LATCHKEY_URL ?? `http://127.0.0.1:${process.env.PORT ?? 4000}`;
const VICTIM = 'Demo Browser/1.0 (Ann)';
const THIEF = 'curl/8.0 (thief)';

const email = `ann.${randomBytes(4).toString('hex')}@example.com`;
const password = 'a horse on a staircase';

type Pair = { accessToken: string; refreshToken: string; sessionId: string };
type Answer<Body> = { status: number; body: Body };
type Mail = { to: string; text: string };

const call = async <Body>(
  method: string,
  path: string,
  { body, token, agent = VICTIM }: { body?: object; token?: string; agent?: string } = {},
): Promise<Answer<Body>> => {
  const response = await fetch(new URL(path, BASE), {
    method,
    headers: {
      accept: 'application/json',
      'user-agent': agent,
      ...(body && { 'content-type': 'application/json' }),
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
    },
    ...(body && { body: JSON.stringify(body) }),
  }).catch(() => {
    console.error(`No server answers at ${BASE}. Run npm start in another terminal first.`);
    process.exit(1);
  });
  const text = await response.text();
  return { status: response.status, body: (text === '' ? undefined : JSON.parse(text)) as Body };
};

const refresh = (refreshToken: string, agent = VICTIM) =>
  call<Pair & { code?: string }>('POST', '/v1/sessions/refresh', { body: { refreshToken }, agent });
const signIn = (deviceName: string) =>
  call<Pair & { code?: string }>('POST', '/v1/sessions', {
    body: { identifier: email, password, deviceName },
  });
const confirm = (token: string) =>
  call<{ code?: string } | undefined>('POST', '/v1/email-verifications/confirm', {
    body: { token },
  });
const me = (token: string) =>
  call<{ displayName: string; code?: string }>('GET', '/v1/me', { token });

/** Polls the inbox: a mail follows from an event and is sent after the request is over. */
const readMail = async (to: string): Promise<string> => {
  for (let attempt = 0; attempt < 100; attempt += 1) {
    const { status, body } = await call<Mail[]>('GET', '/dev/mail');
    assert.equal(
      status,
      200,
      'the demo reads its mail at /dev/mail: start the service without SMTP_URL',
    );
    const mail = body.find((mail) => mail.to === to);
    if (mail !== undefined) return mail.text;
    await setTimeout(100);
  }
  return assert.fail('no mail has arrived');
};

let step = 0;
const say = (text: string) => {
  step += 1;
  console.log(`${String(step).padStart(2)}. ${text}`);
};

const registered = await call('POST', '/v1/users', {
  body: { email, password, displayName: 'Ann', householdName: 'Ann and Ben' },
});
assert.equal(registered.status, 202, 'the demo needs LATCHKEY_REGISTRATION=verify-first');
say(`Ann signs up (${email}): 202, the same as for an address with an account`);

const early = await signIn('Laptop');
assert.equal(early.status, 401, 'an account with an unverified address cannot sign in');
say(`Her address is not verified yet, so a sign-in gets ${early.status} ${early.body.code}`);

const [, token = ''] = /token=([\w-]+)/.exec(await readMail(email)) ?? [];
const verified = await confirm(token);
assert.equal(verified.status, 204, 'the link verifies the address');
const again = await confirm(token);
assert.equal(again.status, 400, 'the link works once');
say(`She follows the link in her mail (${BASE}/dev/mail): verified, the link works once`);

const laptop = await signIn('Laptop');
assert.equal(laptop.status, 201, 'sign-in');
const signedIn = await signIn('Phone');
assert.equal(signedIn.status, 201, 'second sign-in');
say('Ann signs in on her laptop and on her phone: two sessions');

const stolen = signedIn.body.refreshToken;
const family = signedIn.body.sessionId;
let current: Pair = signedIn.body;
for (let rotation = 1; rotation <= 3; rotation += 1) {
  const answer = await refresh(current.refreshToken);
  assert.equal(answer.status, 200, `refresh ${rotation}`);
  assert.notEqual(answer.body.refreshToken, current.refreshToken, 'every refresh rotates');
  current = answer.body;
}
say('The phone refreshes three times; each refresh token works once');

const [one, two] = await Promise.all([
  refresh(current.refreshToken),
  refresh(current.refreshToken),
]);
assert.deepEqual([one.status, two.status], [200, 200], 'both parallel refreshes succeed');
assert.equal(one.body.refreshToken, two.body.refreshToken, 'a token has exactly one successor');
current = two.body;
say('Two parallel refreshes with one token: both get the same successor');

assert.equal((await me(current.accessToken)).status, 200, 'the phone is signed in');
const theft = await refresh(stolen, THIEF);
assert.equal(theft.status, 401, 'a superseded token is refused');
assert.equal(theft.body.code, 'refresh_token_reused');
say(`A thief presents the first token, copied earlier: ${theft.status} ${theft.body.code}`);

const locked = await refresh(current.refreshToken);
assert.equal(locked.status, 401, 'the live token of the family is revoked too');
assert.equal(locked.body.code, 'refresh_token_invalid');
say(`The session is revoked: its live token gets ${locked.status} ${locked.body.code}`);

for (const { accessToken } of [signedIn.body, one.body, current]) {
  const refused = await me(accessToken);
  assert.equal(refused.status, 401, 'access tokens of the family are refused');
  assert.equal(refused.body.code, 'access_token_invalid');
}
say('Its access tokens, not yet expired, are refused: 401 access_token_invalid');

assert.equal((await me(laptop.body.accessToken)).status, 200, 'the laptop stays signed in');
assert.equal((await refresh(laptop.body.refreshToken)).status, 200, 'and can refresh');
say('The laptop, another session of the same user, stays signed in');

const WHERE = 'Set LATCHKEY_DATA_DIR or DATABASE_URL as for the service.';
const bin = new URL('../bin/latchkey.js', import.meta.url).pathname;
const audit = (...flags: string[]) => {
  const result = spawnSync(process.execPath, [bin, 'audit', 'theft', family, ...flags], {
    encoding: 'utf8',
  });
  assert.equal(result.status, 0, `latchkey audit theft: ${result.stderr}${WHERE}`);
  return result.stdout;
};
const report = JSON.parse(audit('--json'));
assert.equal(report.theft.cause, 'older_generation');
assert.equal(report.theft.presentedGeneration, 0);
assert.equal(report.theft.currentGeneration, 4);
assert.equal(report.theft.presenter.userAgent, THIEF);
assert.equal(report.theft.holder.userAgent, VICTIM);
assert.equal(report.revocation.reason, 'theft');
assert.equal(report.chain.intact, true);
say(`What happened: npm run latchkey -- audit theft ${family}\n`);
console.log(audit());
console.log('As a picture, signed in with the demo account:');
console.log(`${BASE}/admin/audit/token-families/${family}\n`);
console.log('Every step had the expected result.');
