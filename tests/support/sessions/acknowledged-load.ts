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

/** A session as its holder knows it: only what was answered counts. */
type Held = { userId: string; last: TokenPair; refreshes: number; signedOut: boolean };

export type AcknowledgedLoad = Readonly<{
  /** Everything that was acknowledged up to now. */
  acknowledged(): number;
  /** Lets everybody finish what is begun. */
  stop(): Promise<void>;
  /** Fails unless the log holds all of it, once, and every session is what its holder was told. */
  expectKept(log: readonly KeptRow[]): Promise<void>;
}>;

const REFRESHES = 4;
/** Before each next step, so that there is time for others. */
const PAUSE_MS = 40;

let people = 0;

/**
 * `count` people who sign up, refresh, and every other time sign out, again and again. Who gets no
 * answer or a 503 asks again, for the same and at the next process, like a client that lost its network.
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

  /** Until somebody answers otherwise than with 503. */
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

  /** Undefined where the process died between claiming the address and storing the account. */
  const signUp = async (): Promise<SignedIn | undefined> => {
    people += 1;
    const email = `loaded-${people}@example.com`;
    const body = { email, password: PASSWORD, displayName: 'Ann' };
    const answer = await insist((client) => client.call('POST', '/v1/users', { body }));
    if (answer.status === 201) return expectSignedIn(answer);
    // An earlier try was heard, and its answer lost.
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
      // Stored after all, or not: an account that is there can be signed in to.
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
