import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { tokens } from '../../../../../src/composition/system-tokens.ts';
import { visitor } from '../../../../support/servers/composed-system.ts';
import {
  type Answer,
  expectProblem,
  expectSignedIn,
  type SignedIn,
} from '../../../../support/servers/http-client.ts';
import {
  type RunningApp,
  startRunningApp,
  times,
} from '../../../../support/servers/running-app.ts';

const WRONG = 'a horse on an escalator';

let app: RunningApp;
beforeAll(async () => {
  app = await startRunningApp();
});
afterAll(() => app.close());

/** Everything by which a client could distinguish two answers. */
const visible = ({ status, text, headers }: Answer) => {
  const { date: _, 'x-request-id': __, ...rest } = headers;
  return { status, text, headers: rest };
};

describe('a sign-in with the correct password', () => {
  let dora: SignedIn;
  beforeAll(async () => {
    dora = await app.client.signUp({ email: 'dora@example.com', username: 'Dora' });
  });

  it.each([
    ['the address', 'dora@example.com'],
    ['the address in capitals', 'DORA@EXAMPLE.COM'],
    ['the address with spaces around', '  dora@example.com '],
    ['the username', 'dora'],
    ['the username in capitals', 'DORA'],
  ])('succeeds with %s', async (_, identifier) => {
    const session = expectSignedIn(await app.client.signIn(identifier));

    expect(session.user).toStrictEqual(dora.user);
    expect(await app.events(`tokenFamily-${session.sessionId}`)).toStrictEqual([
      'TokenFamilyStarted',
    ]);
  });

  it('appends no event to the stream of the user', async () => {
    const signedUp = await app.client.signUp();

    expectSignedIn(await app.client.signIn(signedUp.user.email));

    expect(await app.events(`user-${signedUp.user.id}`)).toStrictEqual([
      'UserRegistered',
      'EmailVerificationRequested',
    ]);
  });
});

describe('a refused sign-in', () => {
  it('has the same answer, byte for byte, whatever the reason', async () => {
    const wrong = await app.client.signUp();
    const locked = await app.client.signUp();
    const deactivated = await app.client.signUp();
    await times(10, () => app.client.signIn(locked.user.email, WRONG));
    await app.get(tokens.deactivateUser)(deactivated.user.id, visitor);

    const answers = [
      await app.client.signIn(wrong.user.email, WRONG),
      await app.client.signIn('nobody@example.com'),
      await app.client.signIn('nobody-by-that-name'),
      await app.client.signIn(locked.user.email),
      await app.client.signIn(locked.user.email, WRONG),
      await app.client.signIn(deactivated.user.email),
      await app.client.signIn(deactivated.user.email, WRONG),
      await app.client.signIn('not@an@address'),
      await app.client.signIn(''),
      await app.client.signIn('@'),
      await app.client.signIn(wrong.user.email, ''),
      await app.client.signIn(wrong.user.email, 'x'.repeat(1_000)),
    ];

    const [first, ...others] = answers;
    if (first === undefined) throw new TypeError('there are answers');
    expectProblem(first, 'invalid_credentials');
    expect(others.map(visible)).toStrictEqual(others.map(() => visible(first)));
  });

  it('stores nothing for an unknown identifier', async () => {
    const before = await app.countEvents();

    await times(12, (n) => app.client.signIn(`nobody${n % 2}@example.com`, WRONG));

    expect(await app.countEvents()).toBe(before);
  });
});

describe('an account deactivated during its sign-in', () => {
  it('has no live session afterwards', async () => {
    const victim = await app.client.signUp();

    const signIns = times(8, () => app.client.signIn(victim.user.email));
    await app.get(tokens.deactivateUser)(victim.user.id, visitor);

    for (const answer of await signIns) {
      if (answer.status !== 201) {
        expectProblem(answer, 'invalid_credentials');
        continue;
      }
      const { accessToken, refreshToken } = expectSignedIn(answer);
      expectProblem(await app.client.me(accessToken), 'access_token_invalid');
      expectProblem(await app.client.refresh(refreshToken), 'refresh_token_invalid');
    }
  });
});

describe('a reactivated account', () => {
  it('can sign in again, while tokens issued earlier remain revoked', async () => {
    const person = await app.client.signUp();
    await app.get(tokens.deactivateUser)(person.user.id, visitor);
    await app.get(tokens.reactivateUser)(person.user.id, visitor);

    expectSignedIn(await app.client.signIn(person.user.email));
    expectProblem(await app.client.me(person.accessToken), 'access_token_invalid');
    expectProblem(await app.client.refresh(person.refreshToken), 'refresh_token_invalid');
  });
});
