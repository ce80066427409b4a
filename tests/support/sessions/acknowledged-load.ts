import { setTimeout as pause } from 'node:timers/promises';
import { expect } from 'vitest';
import {
  type Answer,
  createHttpClient,
  expectPair,
  expectProblem,
  expectSignedIn,
  type HttpClient,
  PASSWORD,
  type SignedIn,
  type TokenPair,
} from '../servers/http-client.ts';
import { type KeptRow, typesIn } from '../servers/log-of.ts';

/** A session as its client knows it, from acknowledged responses only. */
type Held = { userId: string; last: TokenPair; refreshes: number; signedOut: boolean };

export type AcknowledgedLoad = Readonly<{
  /** Everything acknowledged so far. */
  acknowledged(): number;
  /** Lets every user finish the current step. */
  stop(): Promise<void>;
  /** Fails unless the log has all of it once, and every session is as its client knows it. */
  expectKept(log: readonly KeptRow[]): Promise<void>;
}>;

const REFRESHES = 4;
/** The pause before each step, which gives other users time. */
const PAUSE_MS = 40;

let people = 0;

/**
 * Simulates `count` users who sign up, refresh and every other time sign out, in a loop. Without a
 * response, or after a 503, a user repeats the request at the next process, like a client after a
 * network failure.
 */
export const startAcknowledgedLoad = (urls: readonly string[], count: number): AcknowledgedLoad => {
  const clients = urls.map(createHttpClient);
  const held: Held[] = [];
  const unanswered: string[] = [];
  let acknowledged = 0;
  let over = false;
  let turn = 0;

  const nextClient = (): HttpClient => {
    turn += 1;
    const client = clients[turn % clients.length];
    if (client === undefined) throw new TypeError('there is no process to ask');
    return client;
  };

  /** Repeats a request until a process answers other than 503. */
  const insist = async (ask: (client: HttpClient) => Promise<Answer>): Promise<Answer> => {
    for (;;) {
      const answer = await ask(nextClient()).catch(() => undefined);
      if (answer !== undefined && answer.status !== 503) {
        acknowledged += 1;
        await pause(PAUSE_MS);
        return answer;
      }
      if (answer !== undefined) expectProblem(answer, 'service_unavailable');
      await pause(PAUSE_MS);
    }
  };

  /** Undefined when the process ended between claiming the address and storing the account. */
  const signUp = async (): Promise<SignedIn | undefined> => {
    people += 1;
    const email = `loaded-${people}@example.com`;
    const body = { email, password: PASSWORD, displayName: 'Ann' };
    const answer = await insist((client) => client.call('POST', '/v1/users', { body }));
    if (answer.status === 201) return expectSignedIn(answer);
    // An earlier attempt succeeded, and its response was lost.
    expectProblem(answer, 'identifier_taken');
    const signedIn = await insist((client) => client.signIn(email));
    if (signedIn.status === 201) return expectSignedIn(signedIn);
    expectProblem(signedIn, 'invalid_credentials');
    unanswered.push(email);
    return undefined;
  };

  const refresh = async (session: Held): Promise<void> => {
    const { refreshToken } = session.last;
    session.last = expectPair(await insist((client) => client.refresh(refreshToken)));
    session.refreshes += 1;
  };

  const signOut = async (session: Held): Promise<void> => {
    const token = session.last.accessToken;
    const answer = await insist((client) =>
      client.call('DELETE', '/v1/sessions/current', { token }),
    );
    if (answer.status !== 204) expectProblem(answer, 'access_token_invalid');
    session.signedOut = true;
  };

  const live = async (): Promise<void> => {
    while (!over) {
      const signedUp = await signUp();
      if (signedUp === undefined) continue;
      const { user, ...last } = signedUp;
      const session = { userId: user.id, last, refreshes: 0, signedOut: false };
      held.push(session);
      for (let n = 0; n < REFRESHES; n += 1) await refresh(session);
      if (held.length % 2 === 0) await signOut(session);
    }
  };

  const living = Promise.all(Array.from({ length: count }, live));
  living.catch(() => undefined);

  const expectHeld = async (session: Held, log: readonly KeptRow[]): Promise<void> => {
    const { userId, last, refreshes, signedOut } = session;
    const family = `tokenFamily-${last.sessionId}`;
    const types = typesIn(log, family).filter((type) => type !== 'RefreshTokenReplayed');
    expect(types).toStrictEqual([
      'TokenFamilyStarted',
      ...Array.from({ length: refreshes }, () => 'RefreshTokenRotated'),
      ...(signedOut ? ['TokenFamilyRevoked'] : []),
    ]);
    const registered = typesIn(log, `user-${userId}`).filter((type) => type === 'UserRegistered');
    expect(registered).toHaveLength(1);
    const answer = await nextClient().refresh(last.refreshToken);
    if (signedOut) expectProblem(answer, 'refresh_token_invalid');
    else expectPair(answer);
  };

  return {
    acknowledged: () => acknowledged,
    stop: async () => {
      over = true;
      await living;
    },
    expectKept: async (log) => {
      expect(held.length).toBeGreaterThan(count);
      const users = new Set(held.map(({ userId }) => userId));
      // If the account was stored after all, its user can sign in.
      for (const email of unanswered) {
        const answer = await nextClient().signIn(email);
        if (answer.status === 201) users.add(expectSignedIn(answer).user.id);
        else expectProblem(answer, 'invalid_credentials');
      }
      const registered = log.filter(({ type }) => type === 'UserRegistered');
      expect(new Set(registered.map(({ stream }) => stream))).toStrictEqual(
        new Set([...users].map((id) => `user-${id}`)),
      );
      for (const session of held) await expectHeld(session, log);
      for (const client of clients) client.close();
    },
  };
};
