import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openSharedLog, type SharedLog } from '../../../support/event-log/shared-log.ts';
import { expectProblem } from '../../../support/servers/http-client.ts';
import type { RunningApp } from '../../../support/servers/running-app.ts';

let log: SharedLog;
let app: RunningApp;
beforeEach(async () => {
  log = await openSharedLog();
  app = await log.serve();
});
afterEach(() => log?.close());

const tryWrongPassword = (identifier: string) =>
  app.client.signIn(identifier, 'not the password of anybody');

describe('when the event store is unavailable', () => {
  it('sign-ins are refused alike with and without an account', async () => {
    const { user } = await app.client.signUp({ username: 'ann' });
    await log.double.pause();
    const identifiers = [user.email, 'ann', 'nobody@example.com', 'nobody'];
    for (const answer of await Promise.all(identifiers.map(tryWrongPassword))) {
      expectProblem(answer, 'service_unavailable');
    }
    await log.double.resume();
  });

  it('an invalid identifier is refused without a call to the store', async () => {
    await log.double.pause();
    expectProblem(await tryWrongPassword('no@@body'), 'invalid_credentials');
    await log.double.resume();
  });
});

describe('a sign-in with a wrong password', () => {
  it('reads a stream even when there is no account', async () => {
    const reads = () => log.double.calls().readStream ?? 0;
    const before = reads();
    expectProblem(await tryWrongPassword('nobody@example.com'), 'invalid_credentials');
    expect(reads()).toBe(before + 1);
  });
});
