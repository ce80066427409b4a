import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import {
  expectPair,
  expectProblem,
  expectSignedIn,
  PASSWORD,
  type SignedIn,
} from '../../../../support/servers/http-client.ts';
import {
  type RunningApp,
  skipSeconds,
  startRunningApp,
  times,
} from '../../../../support/servers/running-app.ts';

const LOCK_SECONDS = 15 * 60;
const WRONG = 'a horse on an escalator';

let app: RunningApp;
beforeAll(async () => {
  app = await startRunningApp();
});
afterAll(() => app.close());
afterEach(() => {
  vi.useRealTimers();
});

const streamOf = ({ user }: SignedIn): string => `user-${user.id}`;

describe('an account after twenty wrong passwords at once', () => {
  let victim: SignedIn;
  beforeAll(async () => {
    victim = await app.client.signUp();
    await times(20, () => app.client.signIn(victim.user.email, WRONG));
  });

  it('has ten failures and one lock recorded, and nothing more', async () => {
    expect(await app.events(streamOf(victim))).toStrictEqual([
      'UserRegistered',
      'EmailVerificationRequested',
      ...Array.from({ length: 10 }, () => 'SignInFailed'),
      'UserLocked',
    ]);
  });

  it('refuses the correct password and records nothing', async () => {
    const before = await app.countEvents();

    expectProblem(await app.client.signIn(victim.user.email), 'invalid_credentials');

    expect(await app.countEvents()).toBe(before);
  });

  it('keeps its existing sessions', async () => {
    expect((await app.client.me(victim.accessToken)).status).toBe(200);
    expectPair(await app.client.refresh(victim.refreshToken));
  });

  it('accepts the correct password once the lock has ended, not a second earlier', async () => {
    const [row] = await app.sql<{ locked_until: string }>(
      'SELECT locked_until FROM users WHERE id = $1',
      victim.user.id,
    );
    const end = Date.parse(row?.locked_until ?? '');

    vi.useFakeTimers({ toFake: ['Date'], now: end - 1 });
    expectProblem(await app.client.signIn(victim.user.email), 'invalid_credentials');
    vi.setSystemTime(end);
    expectSignedIn(await app.client.signIn(victim.user.email));
  });
});

describe('an account whose lock has ended', () => {
  it('is locked again only after ten more failures', async () => {
    const victim = await app.client.signUp();
    await times(10, () => app.client.signIn(victim.user.email, WRONG));
    skipSeconds(LOCK_SECONDS + 1);

    await times(9, () => app.client.signIn(victim.user.email, WRONG));
    expectSignedIn(await app.client.signIn(victim.user.email));
    await app.client.signIn(victim.user.email, WRONG);

    const locks = (await app.events(streamOf(victim))).filter((type) => type === 'UserLocked');
    expect(locks).toHaveLength(2);
  });
});

describe('a correct password sent among wrong ones', () => {
  it('does not stop the count of failures, and its sessions opened before the lock work', async () => {
    const victim = await app.client.signUp();

    const answers = await times(24, (n) =>
      app.client.signIn(victim.user.email, n % 6 === 5 ? PASSWORD : WRONG),
    );

    for (const answer of answers) {
      if (answer.status === 201) {
        const { accessToken } = expectSignedIn(answer);
        expect((await app.client.me(accessToken)).status).toBe(200);
      } else {
        expectProblem(answer, 'invalid_credentials');
      }
    }
    expect(await app.events(streamOf(victim))).toStrictEqual([
      'UserRegistered',
      'EmailVerificationRequested',
      ...Array.from({ length: 10 }, () => 'SignInFailed'),
      'UserLocked',
    ]);
  });
});
