import type { Answer, HttpClient } from '../servers/http-client.ts';
import { type HeldSession, type Ledger, liveToken, type Person } from './soak-ledger.ts';

type Clients = readonly HttpClient[];

const GIVE_UP_MS = 30_000;
const AT_ONCE = 8;

const isReady = async (clients: Clients): Promise<boolean> => {
  const answers = await Promise.all(
    clients.map((client) => client.call('GET', '/health/ready').catch(() => undefined)),
  );
  return answers.every((answer) => answer?.status === 200);
};

/** Waits until both servers report that they are ready. @returns the milliseconds; null in vain */
export const untilReady = async (clients: Clients): Promise<number | null> => {
  const began = performance.now();
  while (performance.now() - began < GIVE_UP_MS) {
    if (await isReady(clients)) return Math.round(performance.now() - began);
  }
  return null;
};

const inParallel = async <Item, Result>(
  items: readonly Item[],
  work: (item: Item) => Promise<readonly Result[]>,
): Promise<readonly Result[]> => {
  const waiting = [...items];
  const results: Result[] = [];
  const worker = async () => {
    for (let item = waiting.shift(); item !== undefined; item = waiting.shift()) {
      results.push(...(await work(item)));
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return results;
};

/** Checks that both servers refuse the tokens of an ended session. */
const stillAccepted = async (
  clients: Clients,
  session: HeldSession,
): Promise<readonly string[]> => {
  const answers: Answer[] = [];
  for (const client of clients) {
    answers.push(await client.me(session.accessToken));
    answers.push(await client.refresh(liveToken(session)));
  }
  const statuses = answers.map(({ status }) => status);
  const refused = statuses.every((status) => status === 401);
  return refused ? [] : [`${session.id} has ended (${session.ended}), answered ${statuses}`];
};

/** Checks that both servers accept the last token of a session that has not ended. */
const lost = async (clients: Clients, session: HeldSession): Promise<readonly string[]> => {
  const statuses: number[] = [];
  let token = liveToken(session);
  for (const client of clients) {
    const { status, json } = await client.refresh(token);
    statuses.push(status);
    if (status === 200) ({ refreshToken: token } = json as { refreshToken: string });
  }
  const works = statuses.every((status) => status === 200);
  return works ? [] : [`${session.id} is lost: ${statuses}`];
};

/** Checks that the password and the household names are those acknowledged last. */
const lostState = async (clients: Clients, person: Person): Promise<readonly string[]> => {
  const [client] = clients;
  const signedIn = await client?.signIn(person.email, person.password);
  if (signedIn?.status !== 201) return [`${person.userId} is kept out: ${signedIn?.text}`];
  const { accessToken: token } = signedIn.json as { accessToken: string };
  const wrong: string[] = [];
  for (const [id, name] of person.households) {
    const answer = await client?.call('GET', `/v1/households/${id}`, { token });
    const found = (answer?.json as { name?: string } | undefined)?.name;
    if (found !== name) wrong.push(`household ${id} is called ${found} instead of ${name}`);
  }
  return wrong;
};

/** Describes the answers of the servers that differ from what was acknowledged. */
export const wrongAnswers = async (
  clients: Clients,
  { people, sessions }: Ledger,
): Promise<readonly string[]> => [
  ...(await inParallel([...sessions.values()], (session) =>
    session.ended === undefined ? lost(clients, session) : stillAccepted(clients, session),
  )),
  ...(await inParallel(people, (person) => lostState(clients, person))),
];
