import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { LogLocation } from '../../../src/application/event-log/log-copy.ts';
import { tokens } from '../../../src/composition/system-tokens.ts';
import { signUpAdmin } from '../../support/administration/administrators.ts';
import { openTwoStores, type TwoStores } from '../../support/event-log/two-stores.ts';
import { takeOver } from '../../support/households/shared-household.ts';
import { importSource } from '../../support/importing/import-services.ts';
import { eventually } from '../../support/kernel/eventually.ts';
import { runCommand } from '../../support/servers/command-line.ts';
import { allTables, visitor } from '../../support/servers/composed-system.ts';
import {
  expectProblem,
  expectSignedIn,
  PASSWORD,
  type SignedIn,
} from '../../support/servers/http-client.ts';
import { countTypes, typesIn } from '../../support/servers/log-of.ts';
import { openMailbox } from '../../support/servers/mailbox.ts';
import {
  type RunningApp,
  skipSeconds,
  startRunningApp,
} from '../../support/servers/running-app.ts';
import { brokenStreams } from '../../support/servers/stored-chains.ts';

/** Occurs in all personal data of Ada. */
const MARK = 'zqxmarker';
const EMAIL = `${MARK}@example.com`;
/** Occurs in all addresses of another user. */
const LATER = 'zqxlater';

const printable = (_: string, value: unknown): unknown =>
  typeof value === 'bigint' ? String(value) : value;

describe.each<LogLocation>(['postgres', 'eventstoredb'])(
  'an erased account, the log in %s',
  (home) => {
    let stores: TwoStores;
    let app: RunningApp;
    /** Another process. */
    let other: RunningApp;
    let admin: SignedIn;
    let ada: SignedIn;
    let ben: SignedIn;
    let shared: string;
    let keys: readonly Readonly<{ subject_id: string; wrapped_key: string }>[];

    /** Every row of every table, and the whole log. */
    const everything = async (): Promise<string> => {
      const tables = await stores.database.query<{ name: string }>({
        text: `SELECT quote_ident(schemaname) || '.' || quote_ident(tablename) AS name FROM pg_tables
          WHERE schemaname NOT IN ('pg_catalog', 'information_schema')`,
      });
      const texts = [JSON.stringify(await stores.logIn(home), printable)];
      for (const { name } of tables) {
        const rows = await stores.database.query({ text: `SELECT t::text FROM ${name} AS t` });
        texts.push(JSON.stringify(rows));
      }
      return texts.join('\n').toLowerCase();
    };

    const post = (path: string, body: object, { accessToken: token }: SignedIn) =>
      app.client.call('POST', path, { token, body });

    const erase = (body: object = {}, { accessToken: token } = ada) =>
      app.client.call('DELETE', '/v1/me', { token, body });

    const expectSound = async (): Promise<void> => {
      const projections = app.get(tokens.projections);
      expect((await projections.verify(allTables, () => undefined)).drift).toStrictEqual([]);
      expect(brokenStreams(await stores.logIn(home))).toStrictEqual([]);
    };

    beforeAll(async () => {
      stores = await openTwoStores();
      if (home === 'eventstoredb') await stores.copy(home);
      app = await startRunningApp(stores.settings[home], stores.scratch);
      const limited = { ...stores.settings[home], LATCHKEY_RATE_LIMITS: 'on' };
      other = await startRunningApp(limited, stores.scratch);
      admin = await signUpAdmin(app);
      ben = await app.client.signUp({ email: 'ben@example.com', displayName: 'Ben' });
      await app.client.signUp({
        email: EMAIL,
        displayName: MARK,
        username: MARK,
        householdName: `${MARK} home`,
        deviceName: `${MARK} phone`,
      });
      ada = expectSignedIn(await app.client.signIn(EMAIL, PASSWORD, `${MARK}/1.0`));
      const wish = { body: { email: `new-${EMAIL}`, password: PASSWORD }, token: ada.accessToken };
      expect((await app.client.call('PUT', '/v1/me/email', wish)).status).toBe(202);
      shared = ((await post('/v1/households', { name: 'Boat' }, ada)).json as { id: string }).id;
      await takeOver(app, shared, ben.user.id, 'viewer');
      await stores.database.query({
        text: `INSERT INTO development_mails (mail_id, recipient, subject, body_text, body_html)
          VALUES ('m1', $1, 'Hello', 'Hello', 'Hello')`,
        values: [`new-${EMAIL}`],
      });
      await stores.database.query({
        text: "INSERT INTO invitation_addresses (invitation_id, email) VALUES ('inv_elsewhere', $1)",
        values: [EMAIL],
      });
      keys = await stores.database.query({ text: 'SELECT * FROM subject_keys' });
    });
    afterAll(async () => {
      vi.useRealTimers();
      await other?.close();
      await app?.close();
      await stores?.close();
    });

    it('requires the password if the sign-in is old, and counts wrong ones', async () => {
      skipSeconds(301);
      expectProblem(await erase(), 'step_up_required');
      expectProblem(await erase({ password: 'not the password' }), 'invalid_credentials');
      vi.useRealTimers();
      const failed = (await stores.logIn(home)).filter(({ type }) => type === 'SignInFailed');
      expect(failed.map(({ stream }) => stream)).toStrictEqual([`user-${ada.user.id}`]);
    });

    it('is not erased while it is the last administrator', async () => {
      const before = (await stores.logIn(home)).length;
      expectProblem(await erase({}, admin), 'last_admin');
      expect(await stores.logIn(home)).toHaveLength(before);
    });

    it("is not erased while a row of the application's table needs it", async () => {
      const sql = (text: string) => stores.database.query({ text });
      await sql('CREATE TABLE orders (buyer text REFERENCES users (id))');
      await sql('ALTER TABLE orders ENABLE ROW LEVEL SECURITY');
      await sql(`INSERT INTO orders VALUES ('${ada.user.id}')`);
      await sql('ALTER TABLE orders FORCE ROW LEVEL SECURITY');
      const before = (await stores.logIn(home)).length;
      expectProblem(await erase(), 'user_in_use');
      expect(await stores.logIn(home)).toHaveLength(before);
      await sql('TRUNCATE orders');
    });

    it('can be exported before, completely and without secrets', async () => {
      const answer = await app.client.call('GET', '/v1/me/export', { token: ada.accessToken });
      expect(answer.status).toBe(200);
      expect(answer.headers['cache-control']).toBe('no-store');
      const { user, events, sessions, households } = answer.json as {
        user: { id: string };
        events: readonly { type: string }[];
        sessions: readonly object[];
        households: readonly object[];
      };
      expect([user.id, sessions.length, households.length]).toStrictEqual([ada.user.id, 2, 2]);
      expect(countTypes(events)).toStrictEqual({
        UserRegistered: 1,
        EmailVerificationRequested: 1,
        EmailChangeRequested: 1,
        SignInFailed: 1,
        HouseholdCreated: 2,
        TokenFamilyStarted: 2,
      });
      expect(answer.text).toContain(`new-${EMAIL}`);
      expect(answer.text.match(/argon2|"salt|[a-z]*hash"|"(refresh)?token"/gi) ?? []).toStrictEqual(
        [],
      );
    });

    it('is erased after a fresh sign-in, and the log records it', async () => {
      expect(await everything()).toContain(MARK);
      const before = await stores.logIn(home);
      const answer = await erase();
      expect([answer.status, answer.text]).toStrictEqual([204, '']);
      const after = await stores.logIn(home);
      expect(after.slice(0, before.length)).toStrictEqual(before);
      expect(countTypes(after.slice(before.length))).toStrictEqual({
        OwnershipTransferred: 1,
        MemberRemoved: 1,
        HouseholdDeleted: 1,
        UserErased: 1,
        TokenFamilyRevoked: 2,
      });
    });

    it('leaves no personal data in any table, in the log, or in an answer', async () => {
      expect(await everything()).not.toContain(MARK);
      const { accessToken: token } = admin;
      for (const path of ['users', 'events?limit=100']) {
        const { status, text } = await app.client.call('GET', `/v1/admin/${path}`, { token });
        expect(status).toBe(200);
        expect(text.toLowerCase()).not.toContain(MARK);
      }
    });

    it('has its tokens refused at once in every process', async () => {
      expectProblem(await app.client.me(ada.accessToken), 'access_token_invalid');
      await eventually(
        async () => (await other.client.me(ada.accessToken)).status === 401,
        'the other process refuses the access token',
      );
      expectProblem(await other.client.refresh(ada.refreshToken), 'refresh_token_invalid');
      expectProblem(await other.client.signIn(EMAIL), 'invalid_credentials');
    });

    it('is unknown to administrators', async () => {
      const { accessToken: token } = admin;
      const path = `/v1/admin/users/${ada.user.id}`;
      for (const [method, rest, body] of [
        ['GET', ''],
        ['DELETE', ''],
        ['PUT', '/role', { role: 'admin' }],
        ['PUT', '/tier', { tier: 'member' }],
        ['POST', '/deactivate'],
        ['POST', '/reactivate'],
        ['POST', '/unlock'],
        ['DELETE', '/sessions'],
      ] as const) {
        const answer = await app.client.call(method, path + rest, { token, ...(body && { body }) });
        expectProblem(answer, 'user_not_found');
      }
    });

    it('is shown to auditors without personal data', async () => {
      for (const args of [
        ['user', ada.user.id],
        ['user', ada.user.id, '--json'],
        ['family', ada.sessionId],
        ['household', shared],
        ['theft', ada.sessionId],
        ['theft', ada.sessionId, '--json'],
        ['explain', '--user', ada.user.id],
        ['explain', '--family', ada.sessionId],
      ]) {
        const { stdout, stderr } = await runCommand(['audit', ...args], stores.settings[home]);
        expect(stdout + stderr).toMatch(/erased/i);
        expect((stdout + stderr).toLowerCase()).not.toContain(MARK);
      }
    });

    it('is not restored by an import of the same id', async () => {
      const lines = ['old-1', 'old-2'].map((id) => ({ id, email: `${MARK}-${id}@example.com` }));
      const run = () =>
        app.get(tokens.importUsers)(
          importSource(...lines),
          { dryRun: false, skipConflicts: true },
          visitor,
        );
      expect(await run()).toMatchObject({ imported: 2 });
      await app.get(tokens.eraseUser)({ userId: 'old-1', granted: null }, visitor);
      const edited = { id: 'old-1', email: `${MARK}-again@example.com` };
      expect(await run()).toMatchObject({
        ...{ imported: 0, unchanged: 1, skipped: 1 },
        problems: [{ line: 1, code: 'user_erased' }],
      });
      expect(
        await app.get(tokens.importUsers)(
          importSource(edited, { id: 'old-3', email: 'old-3@example.com' }),
          { dryRun: false, skipConflicts: true },
          visitor,
        ),
      ).toMatchObject({ imported: 1, skipped: 1, problems: [{ line: 1, code: 'user_erased' }] });
      expect(typesIn(await stores.logIn(home), 'user-old-1')).toStrictEqual([
        'UserImported',
        'UserErased',
      ]);
      await app.get(tokens.eraseUser)({ userId: 'old-2', granted: null }, visitor);
      expect(await everything()).not.toContain(MARK);
    });

    it('leaves its household to the remaining members', async () => {
      const { accessToken: token } = ben;
      const { json } = await app.client.call('GET', `/v1/households/${shared}`, { token });
      expect(json).toMatchObject({ role: 'owner', memberCount: 1 });
    });

    it('can be erased again without any effect', async () => {
      const before = (await stores.logIn(home)).length;
      const input = { userId: ada.user.id, granted: null };
      expect(await app.get(tokens.eraseUser)(input, visitor)).toBe(true);
      expect(await stores.logIn(home)).toHaveLength(before);
    });

    it('is not restored by a rebuild, nor by a backup of its key and a rebuild', async () => {
      await expectSound();
      for (const { subject_id, wrapped_key } of keys) {
        await stores.database.query({
          text: 'INSERT INTO subject_keys VALUES ($1, $2) ON CONFLICT DO NOTHING',
          values: [subject_id, wrapped_key],
        });
      }
      const projections = app.get(tokens.projections);
      expect((await projections.rebuild(allTables, () => undefined)).drift).toStrictEqual([]);
      const text = 'SELECT FROM subject_keys WHERE subject_id = $1';
      expect(await stores.database.query({ text, values: [ada.user.id] })).toStrictEqual([]);
      expect(await everything()).not.toContain(MARK);
      await expectSound();
    });

    it('frees its address and username for another user', async () => {
      const again = await app.client.signUp({ email: EMAIL, displayName: 'Eva', username: MARK });
      expect(again.user.id).not.toBe(ada.user.id);
    });

    it('gets no more mail, causes none, and its links are invalid', async () => {
      const address = `mail-${LATER}@example.com`;
      const moved = `moved-${LATER}@example.com`;
      const person = await app.client.signUp({ email: address });
      const late = await app.client.signUp({ email: `late-${LATER}@example.com` });
      const confirm = (token: string) =>
        app.client.call('POST', '/v1/email-verifications/confirm', { body: { token } });
      const ask = (path: string, email: string, by?: SignedIn) =>
        app.client.call(by === undefined ? 'POST' : 'PUT', path, {
          body: { email, ...(by && { password: PASSWORD }) },
          ...(by && { token: by.accessToken }),
        });
      const mailbox = openMailbox(app);
      const proof = await mailbox.tokenTo(`late-${LATER}@example.com`);
      expect((await confirm(await mailbox.tokenTo(address))).status).toBe(204);
      expect((await ask('/v1/me/email', moved, person)).status).toBe(202);
      expect((await confirm(await mailbox.tokenTo(moved))).status).toBe(204);
      const undo = await mailbox.tokenTo(address, 2);
      expect((await ask('/v1/me/email', `last-${LATER}@example.com`, person)).status).toBe(202);
      const change = await mailbox.tokenTo(`last-${LATER}@example.com`);
      expect((await ask('/v1/password-resets', moved)).status).toBe(202);
      const reset = await mailbox.tokenTo(moved, 2);
      await mailbox.stop();

      const { households } = (
        await app.client.call('GET', '/v1/households', { token: person.accessToken })
      ).json as { households: readonly { id: string }[] };
      const flat = ((await post('/v1/households', { name: 'Flat' }, person)).json as { id: string })
        .id;
      await takeOver(app, flat, ben.user.id, 'viewer');
      for (const id of [flat, households[0]?.id]) {
        const body = { email: `guest-${LATER}@example.com`, role: 'viewer' };
        expect((await post(`/v1/households/${id}/invitations`, body, person)).status).toBe(201);
      }
      expect((await ask('/v1/password-resets', moved)).status).toBe(202);
      for (const someone of [person, late]) expect((await erase({}, someone)).status).toBe(204);
      expect((await ask('/v1/password-resets', ben.user.email)).status).toBe(202);

      const again = openMailbox(app);
      await again.tokenTo(ben.user.email, 2);
      const { countWaiting } = app.get(tokens.mailQueue);
      await eventually(async () => (await countWaiting()) === 0, 'no mail waits');
      await again.stop();
      expect(await everything()).not.toContain(LATER);

      for (const token of [proof, change, undo]) {
        expectProblem(await confirm(token), 'token_invalid');
      }
      const body = { token: reset, newPassword: 'another horse on a staircase' };
      const answer = await app.client.call('POST', '/v1/password-resets/confirm', { body });
      expectProblem(answer, 'token_invalid');
      await expectSound();
    });

    it('can be exported ten times an hour', async () => {
      const { accessToken: token } = ben;
      const ask = () => other.client.call('GET', '/v1/me/export', { token });
      for (let n = 0; n < 10; n += 1) expect((await ask()).status).toBe(200);
      const refusal = await ask();
      expectProblem(refusal, 'rate_limited');
      expect(Number(refusal.headers['retry-after'])).toBeGreaterThan(0);
    });

    it('cannot erase itself once it is deactivated, but an administrator can', async () => {
      const person = await app.client.signUp();
      const { accessToken: token } = admin;
      const path = `/v1/admin/users/${person.user.id}`;
      expect((await app.client.call('POST', `${path}/deactivate`, { token })).status).toBe(204);
      const before = (await stores.logIn(home)).length;
      expectProblem(await erase({ password: PASSWORD }, person), 'access_token_invalid');
      expect(await stores.logIn(home)).toHaveLength(before);
      expect((await app.client.call('DELETE', path, { token })).status).toBe(204);
    });

    it('is erased without a password if it is a guest', async () => {
      const { json } = await app.client.call('POST', '/v1/sessions/guest');
      skipSeconds(301);
      expect((await erase({}, json as SignedIn)).status).toBe(204);
      vi.useRealTimers();
      expectProblem(await erase({}, json as SignedIn), 'access_token_invalid');
    });

    it('can be erased by an administrator as well', async () => {
      const { user } = await app.client.signUp();
      const { accessToken: token } = admin;
      const path = `/v1/admin/users/${user.id}`;
      expect((await app.client.call('DELETE', path, { token })).status).toBe(204);
      expectProblem(await app.client.call('GET', path, { token }), 'user_not_found');
      await expectSound();
    });
  },
);
