import { PASSWORD, type SignedIn, type TokenPair } from '../servers/http-client.ts';
import { type HeldSession, type Ledger, liveToken, type Person, takeToken } from './soak-ledger.ts';
import type { Requests } from './soak-requests.ts';

/** A simulated user with a session. */
export type Member = { person: Person; session: HeldSession };

export type People = ReturnType<typeof createPeople>;

type Parts = Readonly<{ requests: Requests; ledger: Ledger; run: string }>;

/** Registers, signs in and out, and refreshes; records in the ledger what was acknowledged. */
export const createPeople = ({ requests, ledger, run }: Parts) => {
  const { ask, retry, observations } = requests;

  const keepSession = ({ sessionId, accessToken, refreshToken }: TokenPair, userId: string) => {
    const known = ledger.sessions.get(sessionId);
    const session = known ?? { id: sessionId, userId, accessToken, refreshTokens: [] };
    session.accessToken = accessToken;
    if (!takeToken(session, refreshToken)) {
      observations.report(`two successors of one generation in ${sessionId}`);
    }
    ledger.sessions.set(sessionId, session);
    return session;
  };

  /** @param passwords candidates, of which one must be right */
  const signIn = async (person: Person, passwords = [person.password]): Promise<HeldSession> => {
    for (const password of passwords) {
      const body = { identifier: person.email, password };
      const { answer } = await retry('POST', '/v1/sessions', { body });
      if (answer.status === 201) {
        const { user, ...pair } = answer.json as SignedIn;
        person.userId = user.id;
        person.password = password;
        return keepSession(pair, user.id);
      }
    }
    throw new Error(`${person.email} cannot sign in`);
  };

  /** After a lost answer the account may exist, or its address is claimed for two minutes. */
  const signUp = async (number: number, attempt = 0): Promise<Member> => {
    const email = `person-${run}-${number}-${attempt}@example.com`;
    const person: Person = {
      email,
      password: PASSWORD,
      userId: '',
      verified: false,
      passwordChanges: 0,
      households: new Map(),
      revokedInvitations: [],
    };
    const body = { email, password: PASSWORD, displayName: `Person ${number}` };
    const { answer, wasUncertain } = await retry('POST', '/v1/users', { body });
    if (answer.status === 201) {
      const { user, ...pair } = answer.json as SignedIn;
      person.userId = user.id;
      ledger.people.push(person);
      return { person, session: keepSession(pair, user.id) };
    }
    if (answer.status !== 409 || !wasUncertain) {
      observations.report(`a registration was answered ${answer.status} ${answer.text}`);
    }
    const session = await signIn(person).catch(() => undefined);
    if (session === undefined) return signUp(number, attempt + 1);
    ledger.people.push(person);
    return { person, session };
  };

  const refresh = async ({ session, person }: Member): Promise<void> => {
    const body = { refreshToken: liveToken(session) };
    const { answer } = await retry('POST', '/v1/sessions/refresh', { body });
    if (answer.status === 200) keepSession(answer.json as TokenPair, person.userId);
    else observations.report(`a live token of ${session.id} was answered ${answer.text}`);
  };

  /** Presents one token to both servers at once. */
  const refreshTwice = async (member: Member): Promise<void> => {
    const body = { refreshToken: liveToken(member.session) };
    const answers = await Promise.all(
      [0, 1, 0].map((server) => ask(server, 'POST', '/v1/sessions/refresh', { body })),
    );
    for (const answer of answers) {
      if (answer?.status === 200) keepSession(answer.json as TokenPair, member.person.userId);
    }
    if (answers.every((answer) => answer?.status !== 200)) await refresh(member);
  };

  const signOut = async ({ session }: Member): Promise<void> => {
    const { answer, wasUncertain } = await retry('DELETE', '/v1/sessions/current', {
      token: session.accessToken,
    });
    if (answer.status === 204 || (answer.status === 401 && wasUncertain)) {
      session.ended = 'sign_out';
    } else observations.report(`a sign-out was answered ${answer.text}`);
  };

  return { signUp, signIn, refresh, refreshTwice, signOut };
};
