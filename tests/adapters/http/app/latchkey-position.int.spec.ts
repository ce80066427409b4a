import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  openSharedLog,
  partsOf,
  projected,
  type SharedLog,
  startProjector,
} from '../../../support/event-log/shared-log.ts';
import {
  type Answer,
  expectProblem,
  PASSWORD,
  type SignedIn,
} from '../../../support/servers/http-client.ts';
import { type RunningApp, startRunningApp } from '../../../support/servers/running-app.ts';

const POSITION = /^\d{20}-\d{20}$/;

let log: SharedLog;
let app: RunningApp;
let ann: SignedIn;
beforeAll(async () => {
  log = await openSharedLog();
  app = await log.serve();
  ann = await app.client.signUp();
});
afterAll(() => log?.close());

const me = (position?: string | string[], by = app): Promise<Answer> =>
  by.client.call('GET', '/v1/me', {
    token: ann.accessToken,
    headers: position === undefined ? {} : { 'latchkey-min-position': position },
  });
const rename = (displayName: string, by = app): Promise<Answer> =>
  by.client.call('PATCH', '/v1/me', { token: ann.accessToken, body: { displayName } });
const positionOf = ({ headers }: Answer): string => String(headers['latchkey-position']);

/** The position in the log of the event that the command of the answer appended. */
const lastStored = () => {
  const position = log.double.events().at(-1)?.position ?? 0n;
  return Array(2).fill(String(position).padStart(20, '0')).join('-');
};

describe('the header Latchkey-Position', () => {
  it('is the position of the last event of a command', async () => {
    const answer = await rename('Ann 1');
    expect(positionOf(answer)).toMatch(POSITION);
    expect(positionOf(answer)).toBe(lastStored());
    const body = { email: 'ben@example.com', password: PASSWORD, displayName: 'Ben' };
    const registered = await app.client.call('POST', '/v1/users', { body });
    const last = lastStored();
    expect(registered.status).toBe(201);
    expect(positionOf(registered) > positionOf(answer)).toBe(true);
    expect(positionOf(registered) <= last).toBe(true);
    const refreshed = await app.client.refresh(ann.refreshToken);
    expect(positionOf(refreshed)).toBe(lastStored());
  });

  it('is missing after a query and after a command that changed nothing', async () => {
    await rename('Ann 2');
    for (const answer of [await me(), await rename('Ann 2')]) {
      expect(answer.status).toBe(200);
      expect(answer.headers).not.toHaveProperty('latchkey-position');
    }
  });

  it('is missing after a refused sign-in, although the failure was stored', async () => {
    const before = log.double.events().length;
    const refused = await app.client.signIn(ann.user.email, 'not the password');
    expectProblem(refused, 'invalid_credentials');
    expect(log.double.events().length).toBe(before + 1);
    expect(refused.headers).not.toHaveProperty('latchkey-position');
  });

  it('is missing when the log is in PostgreSQL', async () => {
    const other = await startRunningApp();
    const body = { email: 'ann@example.com', password: PASSWORD, displayName: 'Ann' };
    const { status, headers } = await other.client.call('POST', '/v1/users', { body });
    await other.close();
    expect(status).toBe(201);
    expect(headers).not.toHaveProperty('latchkey-position');
  });
});

describe('a request with the header Latchkey-Min-Position', () => {
  it.each([
    '',
    '0',
    'now',
    '00000000000000000001',
    `${'0'.repeat(20)}-${'0'.repeat(19)}`,
    `${'0'.repeat(21)}-${'0'.repeat(20)}`,
    `${'0'.repeat(20)}-${'0'.repeat(20)}, ${'0'.repeat(20)}-${'0'.repeat(20)}`,
    `'${'0'.repeat(20)}-${'0'.repeat(20)}`,
    `-${'1'.repeat(19)}-${'0'.repeat(20)}`,
  ])('is refused with an invalid position: "%s"', async (position) => {
    expectProblem(await me(position), 'position_invalid');
  });

  it('is refused with two positions', async () => {
    const one = `${'0'.repeat(20)}-${'0'.repeat(20)}`;
    expectProblem(await me([one, one]), 'position_invalid');
  });

  it('is refused with Retry-After while no projector has reached the position', async () => {
    const position = positionOf(await rename('Ann 3'));
    const begun = performance.now();
    const answer = await me(position);
    expectProblem(answer, 'position_not_reached');
    expect(answer.headers['retry-after']).toBe('1');
    expect(performance.now() - begun).toBeGreaterThan(4_000);
  });

  it('is answered by any process as soon as the projector has reached the position', async () => {
    const other = await log.serve();
    const position = positionOf(await rename('Ann 4'));
    const waiting = me(position, other);
    const stop = startProjector(other);
    const answer = await waiting;
    expect(answer).toMatchObject({ status: 200, json: { displayName: 'Ann 4' } });
    expect(((await partsOf(app).checkpoint.read()).position ?? '') >= position).toBe(true);
    await projected(app);
    for (let n = 5; n < 15; n += 1) {
      const next = positionOf(await rename(`Ann ${n}`));
      expect(await me(next, other)).toMatchObject({ json: { displayName: `Ann ${n}` } });
    }
    await stop();
  });

  it('is answered without waiting if the position was reached before', async () => {
    const beyond = positionOf(await rename('Ann 15'));
    const answered: string[] = [];
    const waiting = me(beyond).then(() => answered.push('beyond'));
    expect((await me(`${'0'.repeat(20)}-${'0'.repeat(20)}`)).status).toBe(200);
    expect(answered).toStrictEqual([]);
    await waiting;
  });
});
