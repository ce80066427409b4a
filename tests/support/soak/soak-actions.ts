import { setTimeout as pause } from 'node:timers/promises';
import type { Database } from '../../../src/adapters/postgres/connection/connection.ts';
import { tokenIn } from '../servers/mailbox.ts';
import type { Ledger } from './soak-ledger.ts';
import { liveToken } from './soak-ledger.ts';
import type { Member, People } from './soak-people.ts';
import type { Requests } from './soak-requests.ts';

type Parts = Readonly<{
  requests: Requests;
  ledger: Ledger;
  people: People;
  database: Database;
}>;

type SoakAction = (member: Member) => Promise<void>;

const MAX_HOUSEHOLDS = 3;
const THIEF = { agent: 'Thief/1.0' };

/** The actions of a simulated user, one after the other at random. */
export const createSoakActions = ({ requests, ledger, people, database }: Parts) => {
  const { ask, retry, observations } = requests;

  const signInAgain: SoakAction = async (member) => {
    member.session = await people.signIn(member.person);
  };

  const signOutAndIn: SoakAction = async (member) => {
    await people.signOut(member);
    await signInAgain(member);
  };

  /** A thief presents a token that is at least two generations old. */
  const stealToken: SoakAction = async (member) => {
    const { session } = member;
    while (session.refreshTokens.length < 3) await people.refresh(member);
    const refreshToken = session.refreshTokens.find((token) => token !== undefined);
    const call = { ...THIEF, body: { refreshToken } };
    const { answer, wasUncertain } = await retry('POST', '/v1/sessions/refresh', call);
    const { code } = answer.json as { code?: string };
    if (code !== 'refresh_token_reused' && !(wasUncertain && code === 'refresh_token_invalid')) {
      observations.report(`a stolen token was answered ${answer.status} ${code}`);
    }
    session.ended = 'theft';
    const body = { refreshToken: liveToken(session) };
    const after = await retry('POST', '/v1/sessions/refresh', { body });
    if (after.answer.status !== 401) observations.report('a stolen family stays valid');
    await signInAgain(member);
  };

  const changePassword: SoakAction = async (member) => {
    const { person, session } = member;
    const others = [...ledger.sessions.values()].filter(
      ({ userId, ended, id }) =>
        userId === person.userId && ended === undefined && id !== session.id,
    );
    const newPassword = `a horse on staircase number ${person.passwordChanges + 1}`;
    const { answer, wasUncertain } = await retry('PUT', '/v1/me/password', {
      token: session.accessToken,
      body: { currentPassword: person.password, newPassword },
    });
    // An earlier try has changed the password: the current one is refused.
    const wasDone = wasUncertain && answer.status === 401;
    if (answer.status !== 204 && !wasDone) {
      return observations.report(`a change of the password was answered ${answer.text}`);
    }
    person.passwordChanges += 1;
    person.password = newPassword;
    for (const other of others) other.ended = 'password_changed';
    await people.signIn(person);
  };

  const renameHousehold: SoakAction = async ({ person, session: { accessToken: token } }) => {
    let [id] = person.households.keys();
    if (person.households.size < MAX_HOUSEHOLDS) {
      const body = { name: 'Nameless' };
      const { answer } = await retry('POST', '/v1/households', { token, body });
      if (answer.status !== 201) return observations.report(`a household: ${answer.text}`);
      ({ id } = answer.json as { id: string });
    }
    if (id === undefined) return;
    const name = `Flat ${Math.random()}`;
    const { answer } = await retry('PATCH', `/v1/households/${id}`, { token, body: { name } });
    if (answer.status === 200) person.households.set(id, name);
    else observations.report(`a new name of a household: ${answer.text}`);
  };

  const invite: SoakAction = async ({ person, session: { accessToken: token } }) => {
    const [id] = person.households.keys();
    if (id === undefined) return;
    const body = { email: `guest-${Math.random()}@example.com`, role: 'member' };
    const path = `/v1/households/${id}/invitations`;
    const invited = await retry('POST', path, { token, body });
    if (invited.answer.status !== 201) return;
    const invitation = invited.answer.json as { id: string };
    const { answer, wasUncertain } = await retry('DELETE', `${path}/${invitation.id}`, { token });
    if (answer.status === 204 || (answer.status === 404 && wasUncertain)) {
      person.revokedInvitations.push(invitation.id);
    } else observations.report(`a revoked invitation: ${answer.text}`);
  };

  const mailedToken = async (address: string): Promise<string | undefined> => {
    const [mail] = await database.query<{ text: string }>({
      text: 'SELECT body_text AS text FROM development_mails WHERE recipient = $1 ORDER BY id LIMIT 1',
      values: [address],
    });
    return mail && tokenIn(mail.text);
  };

  /** Presents the token of a mail to both servers at once; it must succeed once. */
  const verifyAddress: SoakAction = async ({ person }) => {
    if (person.verified) return;
    const token = await mailedToken(person.email);
    if (token === undefined) return;
    const call = { body: { token } };
    const path = '/v1/email-verifications/confirm';
    const answers = await Promise.all([0, 1, 0, 1].map((n) => ask(n, 'POST', path, call)));
    const statuses = answers.map((answer) => answer?.status);
    const used = statuses.filter((status) => status === 204).length;
    if (used > 1) observations.report(`a token that works once was used ${used} times`);
    const { answer } = await retry('POST', path, call);
    if (used > 0 && answer.status !== 400) observations.report('a used token was taken again');
    if (answer.status !== 204 && answer.status !== 400)
      observations.report(`verification: ${answer.text}`);
    person.verified = true;
  };

  const readProfile: SoakAction = async ({ session }) => {
    const { answer } = await retry('GET', '/v1/me', { token: session.accessToken });
    if (answer.status !== 200) observations.report(`a live access token: ${answer.text}`);
  };

  const chances: readonly (readonly [number, SoakAction])[] = [
    [0.45, people.refresh],
    [0.1, people.refreshTwice],
    [0.1, signOutAndIn],
    [0.06, stealToken],
    [0.04, changePassword],
    [0.1, renameHousehold],
    [0.05, invite],
    [0.05, verifyAddress],
    [0.05, readProfile],
  ];

  const choose = (): SoakAction => {
    let left = Math.random();
    for (const [chance, action] of chances) {
      left -= chance;
      if (left < 0) return action;
    }
    return readProfile;
  };

  return {
    live: async (member: Member, isOver: () => boolean): Promise<void> => {
      while (!isOver()) {
        await choose()(member);
        await pause(Math.random() * 30);
      }
    },
  };
};
