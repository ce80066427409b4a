import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Flat, Invited } from '../../../../support/households/household-client.ts';
import {
  type SharedHousehold,
  shareHousehold,
  signUpVerified,
} from '../../../../support/households/shared-household.ts';
import {
  type Answer,
  expectProblem,
  expectSignedIn,
  PASSWORD,
} from '../../../../support/servers/http-client.ts';
import { type Mailbox, openMailbox } from '../../../../support/servers/mailbox.ts';
import {
  type RunningApp,
  skipSeconds,
  startRunningApp,
  times,
} from '../../../../support/servers/running-app.ts';
import { outcomes } from '../../../../support/servers/two-servers.ts';

const CROWD = 20;

describe.each(['open', 'verify-first'])(
  'the registration of an invited user in mode %s',
  (mode) => {
    let app: RunningApp;
    let mailbox: Mailbox;
    let flat: SharedHousehold;
    let email: string;
    let token: string;
    let invited = 0;

    beforeAll(async () => {
      app = await startRunningApp({ LATCHKEY_REGISTRATION: mode });
      mailbox = openMailbox(app);
      flat = await shareHousehold(app);
    });
    afterAll(async () => {
      await mailbox.stop();
      await app.close();
    });
    beforeEach(async () => {
      invited += 1;
      email = `guest-${invited}@example.com`;
      token = await invite(email);
    });
    afterEach(() => {
      vi.useRealTimers();
    });

    const invite = async (address: string): Promise<string> => {
      const { homes, owner, id } = flat;
      expect((await homes.invite(owner.accessToken, id, address, 'viewer')).status).toBe(201);
      return mailbox.tokenTo(address);
    };
    const open = async (address: string): Promise<Invited> => {
      const { json } = await flat.homes.invitations(flat.owner.accessToken, flat.id);
      const found = (json as { invitations: Invited[] }).invitations.find(
        (each) => each.email === address,
      );
      if (found === undefined) throw new TypeError('the invitation is not open');
      return found;
    };
    const register = (body: object = {}): Promise<Answer> =>
      app.client.call('POST', '/v1/users', {
        body: { email, password: PASSWORD, displayName: 'Guest', invitationToken: token, ...body },
      });
    const census = async () => {
      const [row] = await app.sql<Record<string, number>>(
        `SELECT (SELECT count(*)::integer FROM users) AS users,
        (SELECT count(*)::integer FROM identifier_claims) AS claims,
        (SELECT count(*)::integer FROM events) AS events`,
      );
      return row;
    };
    /** Expects a refusal that stores nothing. */
    const expectRefused = async (
      work: () => Promise<Answer>,
      code: Parameters<typeof expectProblem>[1],
    ) => {
      const before = await census();
      expectProblem(await work(), code);
      expect(await census()).toStrictEqual(before);
    };

    it('creates the account, verifies the address and joins in one step', async () => {
      const { user, ...session } = expectSignedIn(await register({ email: email.toUpperCase() }));
      expect(user).toMatchObject({ email, emailVerified: true });
      const { json } = await flat.homes.list(session.accessToken);
      const { households } = json as { households: Flat[] };
      expect(households.map(({ role }) => role)).toStrictEqual(['owner', 'viewer']);
      expect(households.at(-1)?.id).toBe(flat.id);
      expectSignedIn(await app.client.signIn(email));
      expect(await mailbox.mailsTo(email)).toHaveLength(1);
      expect(await app.events(`user-${user.id}`)).toStrictEqual([
        'UserRegistered',
        'EmailVerified',
      ]);
      expectProblem(await flat.homes.accept(session.accessToken, token), 'token_invalid');
    });

    it('is refused for another address', async () => {
      const other = `other-${invited}@example.com`;
      await expectRefused(() => register({ email: other }), 'invitation_for_other_address');
      expectSignedIn(await register());
    });

    it('is refused with a token already used', async () => {
      expectSignedIn(await register());
      const other = `other-${invited}@example.com`;
      await expectRefused(() => register(), 'token_invalid');
      await expectRefused(() => register({ email: other }), 'token_invalid');
    });

    it('is refused with a revoked, declined or superseded token', async () => {
      const { homes, owner, id } = flat;
      await homes.revoke(owner.accessToken, id, (await open(email)).id);
      await expectRefused(() => register(), 'token_invalid');
      email = `again-${email}`;
      token = await invite(email);
      expect((await homes.decline(token)).status).toBe(204);
      await expectRefused(() => register(), 'token_invalid');
      email = `once-more-${email}`;
      token = await invite(email);
      const invitation = await open(email);
      skipSeconds(60);
      expect((await homes.resend(owner.accessToken, id, invitation.id)).status).toBe(202);
      await expectRefused(() => register(), 'token_invalid');
    });

    it('is refused with an expired token or one of another kind', async () => {
      for (const made of ['x', 'x'.repeat(43)]) {
        await expectRefused(() => register({ invitationToken: made }), 'token_invalid');
      }
      skipSeconds(7 * 86_400);
      await expectRefused(() => register(), 'token_invalid');
    });

    it('is refused for an address that has an account', async () => {
      const { user } = await signUpVerified(app);
      token = await invite(user.email);
      await expectRefused(() => register({ email: user.email }), 'identifier_taken');
    });

    it('keeps the invitation open when the account data is refused', async () => {
      await expectRefused(() => register({ password: 'password1234' }), 'password_too_common');
      await expectRefused(() => register({ displayName: '' }), 'display_name_invalid');
      expectSignedIn(await register());
    });

    it('creates one account when requested twenty times at once', async () => {
      const answers = await times(CROWD, (n) => register({ displayName: `Guest ${n}` }));
      const { 201: made, identifier_taken: taken = 0, token_invalid: late = 0 } = outcomes(answers);
      expect({ made, refused: taken + late }).toStrictEqual({ made: 1, refused: CROWD - 1 });
      const rows = await app.sql('SELECT FROM users WHERE email = $1', email);
      expect(rows).toHaveLength(1);
    });
  },
);
