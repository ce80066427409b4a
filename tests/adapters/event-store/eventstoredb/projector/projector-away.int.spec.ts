import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { tokens } from '../../../../../src/composition/system-tokens.ts';
import { openSharedLog, type SharedLog } from '../../../../support/event-log/shared-log.ts';
import type { Invited } from '../../../../support/households/household-client.ts';
import { shareHousehold, signUpVerified } from '../../../../support/households/shared-household.ts';
import { eventually } from '../../../../support/kernel/eventually.ts';
import { allTables } from '../../../../support/servers/composed-system.ts';
import {
  expectPair,
  expectProblem,
  expectSignedIn,
  PASSWORD,
} from '../../../../support/servers/http-client.ts';
import { type Mailbox, openMailbox } from '../../../../support/servers/mailbox.ts';
import { type RunningApp, times } from '../../../../support/servers/running-app.ts';

const NEW_PASSWORD = 'another horse on a staircase';

let log: SharedLog;
let one: RunningApp;
let two: RunningApp;
let mailbox: Mailbox;
beforeAll(async () => {
  log = await openSharedLog();
  [one, two] = [await log.serve(), await log.serve()];
  mailbox = openMailbox(one);
});
afterEach(async () => {
  // No projector ran, and the tables still match the whole log.
  expect(await one.sql('SELECT position FROM projector_checkpoints')).toStrictEqual([]);
  const { drift } = await two.get(tokens.projections).verify(allTables, () => undefined);
  expect(drift).toStrictEqual([]);
});
afterAll(async () => {
  await mailbox?.stop();
  await log?.close();
});

const evenly = <Result>(count: number, work: (app: RunningApp, n: number) => Promise<Result>) =>
  times(count, (n) => work(n % 2 === 0 ? one : two, n));

describe('while no projector runs', () => {
  it('a user who signs up at one process is known to the other at once', async () => {
    for (let n = 0; n < 5; n += 1) {
      const ann = await one.client.signUp();
      const { accessToken, refreshToken } = expectSignedIn(await two.client.signIn(ann.user.email));
      expect((await one.client.me(accessToken)).json).toMatchObject({ id: ann.user.id });
      expectPair(await one.client.refresh(refreshToken));
    }
  });

  it('an address is taken once, however many users request it at both processes', async () => {
    const body = { email: 'wanted@example.com', password: PASSWORD, displayName: 'Ann' };
    const answers = await evenly(10, ({ client }) => client.call('POST', '/v1/users', { body }));
    expect(answers.map(({ status }) => status).sort()).toStrictEqual([201, ...Array(9).fill(409)]);
    expectProblem(await two.client.call('POST', '/v1/users', { body }), 'identifier_taken');
  });

  it('a refresh token is used once, and a stolen one ends the session everywhere', async () => {
    const ann = await one.client.signUp();
    const answers = await evenly(10, ({ client }) => client.refresh(ann.refreshToken));
    const successors = new Set(answers.map((answer) => expectPair(answer).refreshToken));
    expect(successors.size).toBe(1);
    const [newest = ''] = successors;
    const second = expectPair(await two.client.refresh(newest));
    expectProblem(await one.client.refresh(ann.refreshToken, 'curl/8.0'), 'refresh_token_reused');
    expectProblem(await two.client.refresh(second.refreshToken), 'refresh_token_invalid');
    await eventually(
      async () => (await two.client.me(second.accessToken)).status === 401,
      'the other process refuses it',
    );
  });

  it('a user who signs out at one process is signed out at the other', async () => {
    const ann = await one.client.signUp();
    expect((await two.client.me(ann.accessToken)).status).toBe(200);
    const out = await one.client.call('DELETE', '/v1/sessions/current', { token: ann.accessToken });
    expect(out.status).toBe(204);
    expect((await one.client.me(ann.accessToken)).status).toBe(401);
    expect((await two.client.refresh(ann.refreshToken)).status).toBe(401);
    await eventually(
      async () => (await two.client.me(ann.accessToken)).status === 401,
      'it is out',
    );
  });

  it('a password that was changed at one process replaces the old one at the other', async () => {
    const ann = await one.client.signUp();
    const body = { currentPassword: PASSWORD, newPassword: NEW_PASSWORD };
    const call = { token: ann.accessToken, body };
    expect((await one.client.call('PUT', '/v1/me/password', call)).status).toBe(204);
    expectProblem(await two.client.signIn(ann.user.email), 'invalid_credentials');
    expectSignedIn(await two.client.signIn(ann.user.email, NEW_PASSWORD));
  });

  it('a password is reset by a mail, and every session ends', async () => {
    const ann = await one.client.signUp();
    const { email } = ann.user;
    await two.client.call('POST', '/v1/password-resets', { body: { email } });
    const token = await mailbox.tokenTo(email, 2);
    const body = { token, newPassword: NEW_PASSWORD };
    const confirm = () => one.client.call('POST', '/v1/password-resets/confirm', { body });
    expect((await confirm()).status).toBe(204);
    expectProblem(await confirm(), 'token_invalid');
    expect((await two.client.refresh(ann.refreshToken)).status).toBe(401);
    expectSignedIn(await two.client.signIn(email, NEW_PASSWORD));
  });

  it('an invitation is accepted once, and a removed member loses access', async () => {
    const flat = await shareHousehold(one);
    const guest = await signUpVerified(two);
    const invited = await flat.homes.invite(flat.owner.accessToken, flat.id, guest.user.email);
    expect((invited.json as Invited).email).toBe(guest.user.email);
    const invitationToken = await mailbox.tokenTo(guest.user.email);
    const accepted = await evenly(4, ({ client }) =>
      client.call('POST', '/v1/invitations/accept', {
        token: guest.accessToken,
        body: { token: invitationToken },
      }),
    );
    expect(accepted.filter(({ status }) => status === 200)).toHaveLength(1);
    const members = async () => {
      const { json } = await flat.homes.members(flat.owner.accessToken, flat.id);
      return (json as { members: { userId: string }[] }).members.map(({ userId }) => userId);
    };
    expect(await members()).toContain(guest.user.id);
    const removed = await flat.homes.remove(flat.owner.accessToken, flat.id, guest.user.id);
    expect(removed.status).toBe(204);
    expect(await members()).not.toContain(guest.user.id);
  });
});
