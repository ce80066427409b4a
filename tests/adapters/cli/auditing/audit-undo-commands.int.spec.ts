import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { UndoneEvent } from '../../../../src/application/auditing/undo/apply-undo.ts';
import type { UndoProposal } from '../../../../src/application/auditing/undo/propose-undo.ts';
import type { LogLocation } from '../../../../src/application/event-log/log-copy.ts';
import { signUpAdmin } from '../../../support/administration/administrators.ts';
import { startProjector } from '../../../support/event-log/shared-log.ts';
import { driftOf, openTwoStores, type TwoStores } from '../../../support/event-log/two-stores.ts';
import { claimsIn, createHouseholdClient } from '../../../support/households/household-client.ts';
import { runCommand } from '../../../support/servers/command-line.ts';
import { type Call, expectProblem, type SignedIn } from '../../../support/servers/http-client.ts';
import { type Mailbox, openMailbox } from '../../../support/servers/mailbox.ts';
import {
  PUBLIC_URL,
  type RunningApp,
  startRunningApp,
} from '../../../support/servers/running-app.ts';

const THIEF = 'Thief/1.0';
const THIEFS_ADDRESS = 'thief@example.com';
const MAILER = { LATCHKEY_REGISTRATION: 'open', LATCHKEY_PUBLIC_URL: PUBLIC_URL };

/** Ann is an administrator with a verified address; a thief used her session for a while. */
const steal = async ({ client }: RunningApp, mailbox: Mailbox, ann: SignedIn, bob: SignedIn) => {
  const asThief = (method: string, route: string, token: string, call: Call = {}) =>
    client.call(method, route, { token, agent: THIEF, ...call });
  const households = createHouseholdClient({ call: (...call) => client.call(...call) });
  const home = claimsIn(ann.accessToken).hh ?? '';
  const stolen = (await client.refresh(ann.refreshToken, THIEF)).json as SignedIn;
  const token = stolen.accessToken;

  await asThief('PUT', '/v1/me/email', token, { body: { email: THIEFS_ADDRESS } });
  const proof = await mailbox.tokenTo(THIEFS_ADDRESS);
  await client.call('POST', '/v1/email-verifications/confirm', { body: { token: proof } });
  await asThief('PATCH', '/v1/me', token, { body: { displayName: 'Owned', locale: 'de' } });
  await asThief('PATCH', '/v1/me', token, { body: { displayName: 'Owned again' } });
  await asThief('PUT', `/v1/admin/users/${bob.user.id}/role`, token, { body: { role: 'admin' } });
  await households.rename(token, home, 'Den of thieves');
  await households.invite(token, home, bob.user.email, 'viewer');
  const invitation = await mailbox.tokenTo(bob.user.email, 2);
  expect((await households.accept(bob.accessToken, invitation)).status).toBe(200);

  expectProblem(await client.refresh(ann.refreshToken), 'refresh_token_reused');
  return home;
};

const proveAddress = async ({ client }: RunningApp, mailbox: Mailbox, { user }: SignedIn) => {
  const token = await mailbox.tokenTo(user.email);
  await client.call('POST', '/v1/email-verifications/confirm', { body: { token } });
};

describe.each<LogLocation>(['postgres', 'eventstoredb'])(
  'when a session was stolen, with the log in %s',
  (store) => {
    let stores: TwoStores;
    let app: RunningApp;
    let mailbox: Mailbox;
    let stopProjector: (() => Promise<void>) | undefined;
    let folder: string;
    let ann: SignedIn;
    let bob: SignedIn;
    let home: string;

    beforeAll(async () => {
      folder = await mkdtemp(path.join(tmpdir(), 'latchkey-'));
      stores = await openTwoStores();
      if (store === 'eventstoredb') await stores.copy(store);
      app = await startRunningApp({ ...stores.settings[store], ...MAILER }, stores.scratch);
      if (store === 'eventstoredb') stopProjector = startProjector(app);
      mailbox = openMailbox(app);
      ann = await signUpAdmin(app, { householdName: 'Home' });
      bob = await app.client.signUp({ displayName: 'Bob' });
      await proveAddress(app, mailbox, ann);
      await proveAddress(app, mailbox, bob);
      home = await steal(app, mailbox, ann, bob);
    });
    afterAll(async () => {
      await mailbox.stop();
      await stopProjector?.();
      await app.close();
      await stores.close();
      await rm(folder, { recursive: true });
    });

    const audit = (...args: string[]) =>
      runCommand(['audit', ...args], { ...stores.settings[store], ...MAILER });
    const propose = async (): Promise<UndoProposal> =>
      JSON.parse((await audit('undo', ann.sessionId, '--json')).stdout);
    const report = (name: string) => path.join(folder, name);
    const compensations = async () =>
      (await stores.logIn(store)).filter(({ metadata }) => metadata.actor.startsWith('cli:'));

    it('audit thefts lists the theft and its actions', async () => {
      const { code, stdout } = await audit('thefts', '--since', '1h', '--json');
      expect({ code, thefts: JSON.parse(stdout) }).toStrictEqual({
        code: 0,
        thefts: [
          {
            familyId: ann.sessionId,
            userId: ann.user.id,
            at: expect.any(String),
            cause: 'other_client',
            presentedGeneration: 0,
            currentGeneration: 1,
            verdict: 'proven',
            radius: 10,
          },
        ],
      });
      expect((await audit('thefts', '--since', '2999-01-01T00:00:00Z')).stdout).toBe(
        'No thefts detected.\n',
      );
    });

    it('audit theft --report writes a signed report, which audit check accepts later', async () => {
      const file = report('theft.jws');
      expect((await audit('theft', ann.sessionId, '--report', file)).code).toBe(0);
      const { code, stdout } = await audit('check', file, '--json');
      expect({ code, check: JSON.parse(stdout) }).toMatchObject({
        code: 0,
        check: { verified: true, current: true, issuer: PUBLIC_URL, log: { verdict: 'same' } },
      });
      expect((await audit('theft', ann.sessionId, '--report', file)).code).toBe(2);

      const key = report('key.json');
      await writeFile(key, (await audit('key', '--json')).stdout);
      // An auditor with report and key has neither database nor master key.
      const offline = await runCommand(['audit', 'check', file, '--offline', '--key', key], {});
      expect(offline).toMatchObject({
        code: 0,
        stdout: expect.stringContaining('Signature valid'),
      });
      expect(offline.stdout).toContain('Log       not compared');
      expect((await runCommand(['audit', 'check', file, '--offline'], {})).code).toBe(2);

      const [head, , tail] = (await readFile(file, 'utf8')).split('.');
      const payload = Buffer.from(JSON.stringify({ format: 1 })).toString('base64url');
      await writeFile(report('forged.jws'), `${head}.${payload}.${tail}`);
      expect(await audit('check', report('forged.jws'))).toStrictEqual({
        code: 1,
        stdout: '',
        stderr: 'Not genuine: the signature does not match: the report was changed.\n',
      });
    });

    it('audit undo proposes what can be undone, and changes nothing', async () => {
      const { events, ...rest } = await propose();
      expect(rest).toStrictEqual({ familyId: ann.sessionId, userId: ann.user.id, known: true });
      expect(
        events.map(({ type, state, follows }) => [type, state, follows !== null]),
      ).toStrictEqual([
        ['EmailChangeRequested', 'as_it_was', false],
        ['EmailChanged', 'open', true],
        ['DisplayNameChanged', 'open', false],
        ['LocaleChanged', 'open', false],
        ['DisplayNameChanged', 'open', false],
        ['RoleChanged', 'open', false],
        ['HouseholdRenamed', 'open', false],
        ['MemberInvited', 'as_it_was', false],
        ['InvitationAccepted', 'no_need', true],
        ['MemberAdded', 'open', true],
      ]);
      expect(await compensations()).toStrictEqual([]);
      const asked = await audit('undo', ann.sessionId, '--events', 'all');
      expect(asked).toMatchObject({
        code: 0,
        stderr: 'Nothing was changed: add --yes to undo these events.\n',
      });
      expect(await compensations()).toStrictEqual([]);
    });

    it('audit undo --events all --yes reverts everything, and its events name the events they revert', async () => {
      const { events } = await propose();
      const { code, stdout } = await audit(
        'undo',
        ann.sessionId,
        '--events',
        'all',
        '--yes',
        '--json',
      );
      const done: readonly UndoneEvent[] = JSON.parse(stdout);
      expect([code, done.filter(({ outcome }) => outcome === 'refused')]).toStrictEqual([0, []]);
      expect(done.filter(({ outcome }) => outcome === 'undone')).toHaveLength(7);

      const users = await app.sql(
        'SELECT id, email, display_name, locale, role, password_hash IS NULL AS void FROM users ORDER BY created_at',
      );
      expect(users).toStrictEqual([
        {
          id: ann.user.id,
          email: ann.user.email,
          display_name: 'Ann',
          locale: 'en',
          role: 'admin',
          void: true,
        },
        {
          id: bob.user.id,
          email: bob.user.email,
          display_name: 'Bob',
          locale: 'en',
          role: 'user',
          void: false,
        },
      ]);
      const members = 'SELECT user_id, role FROM household_members WHERE household_id = $1';
      expect(await app.sql(members, home)).toStrictEqual([{ user_id: ann.user.id, role: 'owner' }]);
      const households = await app.sql('SELECT name FROM households WHERE id = $1', home);
      expect(households).toStrictEqual([{ name: 'Home' }]);

      const ids = new Set(events.map(({ eventId }) => eventId));
      const answers = await compensations();
      expect(answers.map(({ type }) => type).sort()).toStrictEqual([
        'DisplayNameChanged',
        'EmailChanged',
        'HouseholdRenamed',
        'LocaleChanged',
        'MemberRemoved',
        'PasswordChanged',
        'PasswordResetRequested',
        'RoleChanged',
      ]);
      expect(answers.every(({ metadata }) => ids.has(metadata.causationId))).toBe(true);
    });

    it('Ann signs in again with the link in her mail', async () => {
      const mails = await mailbox.mailsTo(ann.user.email);
      const token = await mailbox.tokenTo(ann.user.email, mails.length > 2 ? mails.length : 3);
      const body = { token, newPassword: 'another horse on the stairs' };
      const reset = await app.client.call('POST', '/v1/password-resets/confirm', { body });
      expect(reset.status).toBe(204);
      expect((await app.client.signIn(ann.user.email, body.newPassword)).status).toBe(201);
    });

    it('a second undo finds everything restored, and writes nothing', async () => {
      const before = await compensations();
      const { code, stdout } = await audit(
        'undo',
        ann.sessionId,
        '--events',
        'all',
        '--yes',
        '--json',
      );
      const done: readonly UndoneEvent[] = JSON.parse(stdout);
      expect(code).toBe(0);
      expect(new Set(done.map(({ outcome }) => outcome))).toStrictEqual(
        new Set(['as_it_was', 'no_need']),
      );
      expect(await compensations()).toStrictEqual(before);
    });

    it('the tables agree with the log, and the signed report is still accepted', async () => {
      expect(await driftOf(app)).toStrictEqual([]);
      const { code, stdout } = await audit('check', report('theft.jws'));
      expect([code, stdout]).toStrictEqual([
        0,
        expect.stringContaining('Log       gives the same report'),
      ]);
    });
  },
);
