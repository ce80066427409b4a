import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Flat, Invited } from '../../../../support/households/household-client.ts';
import {
  type SharedHousehold,
  shareHousehold,
  signUpVerified,
  takeOver,
} from '../../../../support/households/shared-household.ts';
import {
  type Answer,
  expectProblem,
  type SignedIn,
} from '../../../../support/servers/http-client.ts';
import { type Mailbox, openMailbox } from '../../../../support/servers/mailbox.ts';
import {
  type RunningApp,
  skipSeconds,
  startRunningApp,
} from '../../../../support/servers/running-app.ts';

let app: RunningApp;
let mailbox: Mailbox;
let flat: SharedHousehold;
let guest: SignedIn;
beforeAll(async () => {
  app = await startRunningApp({ LATCHKEY_HOUSEHOLD_MEMBERS: '5' });
  mailbox = openMailbox(app);
});
afterAll(async () => {
  await mailbox.stop();
  await app.close();
});
beforeEach(async () => {
  flat = await shareHousehold(app);
  guest = await signUpVerified(app);
});
afterEach(() => {
  vi.useRealTimers();
});

const open = async (id = flat.id) => {
  const { json } = await flat.homes.invitations(flat.owner.accessToken, id);
  return (json as { invitations: Invited[] }).invitations;
};
const expectInvited = (answer: Answer): Invited => {
  expect(answer.status).toBe(201);
  return answer.json as Invited;
};
const invite = async (email = guest.user.email, role = 'member') => {
  const invited = expectInvited(
    await flat.homes.invite(flat.owner.accessToken, flat.id, email, role),
  );
  return { ...invited, token: await mailbox.tokenTo(email) };
};
const storingNothing = async (work: () => Promise<unknown>): Promise<void> => {
  const before = await app.countEvents();
  await work();
  expect(await app.countEvents()).toBe(before);
};

describe('a new invitation', () => {
  it('sends a mail and is listed among the open ones, latest first', async () => {
    const { homes, id, owner, admin } = flat;
    const first = expectInvited(
      await homes.invite(admin.accessToken, id, ' New.Person@Example.COM ', 'viewer'),
    );
    expect(first).toStrictEqual({
      id: expect.stringMatching(/^inv_[0-9a-z]{26}$/),
      email: 'new.person@example.com',
      role: 'viewer',
      invitedBy: admin.user.id,
      createdAt: expect.stringMatching(/Z$/),
      expiresAt: new Date(Date.parse(first.createdAt) + 7 * 86_400_000).toISOString(),
    });
    const second = expectInvited(await homes.invite(owner.accessToken, id, 'b@example.com'));
    expect(await open()).toStrictEqual([second, first]);
    await mailbox.tokenTo('new.person@example.com');
    const [{ text } = { text: '' }] = await mailbox.mailsTo('new.person@example.com');
    expect(text).not.toContain('The Flat');
    const logged = JSON.stringify(
      await app.sql("SELECT data FROM events WHERE type = 'MemberInvited'"),
    );
    expect(logged).not.toContain('new.person');
  });

  it('has the same answer whether the address has an account or not', async () => {
    const { homes, id, owner } = flat;
    const known = expectInvited(await homes.invite(owner.accessToken, id, guest.user.email));
    const unknown = expectInvited(await homes.invite(owner.accessToken, id, 'un@example.com'));
    expect(Object.keys(known)).toStrictEqual(Object.keys(unknown));
    expect(await app.events(`household-${id}`)).toStrictEqual([
      'HouseholdCreated',
      ...['MemberAdded', 'MemberAdded', 'MemberAdded'],
      ...['MemberInvited', 'MemberInvited'],
    ]);
  });

  it.each(['', 'x', '@example.com', 'two@x.com, three@x.com', 'ann@example.com\nbcc: b@x.com'])(
    'is refused for the address %j',
    (email) =>
      storingNothing(async () => {
        const answer = await flat.homes.invite(flat.owner.accessToken, flat.id, email);
        expectProblem(answer, 'email_invalid');
      }),
  );

  it.each(['owner', 'king', ''])('is refused for the role %j', (role) =>
    storingNothing(async () => {
      const { homes, owner, id } = flat;
      const answer = await homes.invite(owner.accessToken, id, 'x@example.com', role);
      expectProblem(answer, 'validation_failed');
    }),
  );

  it('is refused for an address already invited, and for a member or viewer as inviter', async () => {
    const { homes, id, admin, member, viewer } = flat;
    await invite();
    await storingNothing(async () => {
      const again = await homes.invite(admin.accessToken, id, guest.user.email.toUpperCase());
      expectProblem(again, 'already_invited');
      for (const { accessToken } of [member, viewer]) {
        for (const answer of [
          await homes.invite(accessToken, id, 'x@example.com'),
          await homes.invitations(accessToken, id),
        ]) {
          expectProblem(answer, 'household_role_insufficient');
        }
      }
    });
    const { email } = guest.user;
    const known = await app.sql('SELECT FROM invitation_addresses WHERE email = $1', email);
    expect(known).toHaveLength(1);
  });
});

describe('the acceptance of an invitation', () => {
  it('makes the user with the address a member and closes the invitation', async () => {
    const { homes, id } = flat;
    const { token } = await invite(guest.user.email, 'admin');
    const answer = await homes.accept(guest.accessToken, token);
    expect(answer.status).toBe(200);
    expect(answer.json as Flat).toMatchObject({ id, role: 'admin', memberCount: 5 });
    expect(await open()).toStrictEqual([]);
    expect(
      await app.sql('SELECT * FROM invitation_addresses WHERE email = $1', guest.user.email),
    ).toStrictEqual([]);
    await storingNothing(async () => {
      expectProblem(await homes.accept(guest.accessToken, token), 'token_invalid');
      expectProblem(await homes.decline(token), 'token_invalid');
    });
  });

  it('is refused for another address', async () => {
    const { homes, stranger } = flat;
    const { token } = await invite();
    await storingNothing(async () => {
      const answer = await homes.accept(stranger.accessToken, token);
      expectProblem(answer, 'invitation_for_other_address');
    });
    expect((await homes.accept(guest.accessToken, token)).status).toBe(200);
  });

  it('is refused until the address is verified', async () => {
    const unproven = await app.client.signUp();
    const { email } = unproven.user;
    expectInvited(await flat.homes.invite(flat.owner.accessToken, flat.id, email));
    // The first mail to the address is the one that verifies it.
    const token = await mailbox.tokenTo(email, 2);
    await storingNothing(async () => {
      const answer = await flat.homes.accept(unproven.accessToken, token);
      expectProblem(answer, 'email_not_verified');
    });
  });

  it('is refused while the household is full', async () => {
    const { homes, id, owner, viewer } = flat;
    const { token } = await invite();
    await takeOver(app, id, (await signUpVerified(app)).user.id, 'viewer');
    await storingNothing(async () => {
      expectProblem(await homes.accept(guest.accessToken, token), 'household_full');
    });
    await homes.remove(owner.accessToken, id, viewer.user.id);
    expect((await homes.accept(guest.accessToken, token)).status).toBe(200);
  });

  it('is refused after seven days', async () => {
    const { token } = await invite();
    skipSeconds(7 * 86_400);
    const later = (await app.client.signIn(guest.user.email)).json as SignedIn;
    await storingNothing(async () => {
      expectProblem(await flat.homes.accept(later.accessToken, token), 'token_invalid');
      expectProblem(await flat.homes.decline(token), 'token_invalid');
    });
  });

  it('is refused after the household is deleted', async () => {
    const { homes, id, owner } = flat;
    const { token } = await invite();
    await homes.drop(owner.accessToken, id);
    expectProblem(await homes.accept(guest.accessToken, token), 'token_invalid');
    expectProblem(await homes.decline(token), 'token_invalid');
  });

  it.each(['', 'x', 'x'.repeat(43)])('is refused with the token %j', async (token) => {
    const code = token === '' ? 'validation_failed' : 'token_invalid';
    expectProblem(await flat.homes.accept(guest.accessToken, token), code);
    expectProblem(await flat.homes.decline(token), code);
  });
});

describe('a revoked or declined invitation', () => {
  it('is no longer listed, and its token is refused', async () => {
    const { homes, id, admin } = flat;
    const revoked = await invite();
    expect((await homes.revoke(admin.accessToken, id, revoked.id)).status).toBe(204);
    expectProblem(await homes.revoke(admin.accessToken, id, revoked.id), 'invitation_not_found');
    expectProblem(await homes.accept(guest.accessToken, revoked.token), 'token_invalid');
    expectInvited(await homes.invite(admin.accessToken, id, guest.user.email));
    const again = await mailbox.tokenTo(guest.user.email, 2);
    expect((await homes.decline(again)).status).toBe(204);
    expectProblem(await homes.accept(guest.accessToken, again), 'token_invalid');
    expect(await open()).toStrictEqual([]);
  });
});

describe('an invitation that is sent again', () => {
  it('is sent at most once a minute and five times, and only the last token is valid', async () => {
    const { homes, id, admin, owner } = flat;
    const { id: invitationId, token } = await invite();
    let last = token;
    const resend = () => homes.resend(admin.accessToken, id, invitationId);
    expectProblem(await resend(), 'too_many_invitations');
    for (let sending = 2; sending <= 5; sending += 1) {
      skipSeconds(60);
      const answer = await resend();
      expect(answer).toMatchObject({ status: 202, json: { status: 'invitation_sent' } });
      // A mail whose token is superseded before it is sent is not sent at all.
      last = await mailbox.tokenTo(guest.user.email, sending);
    }
    skipSeconds(60);
    expectProblem(await resend(), 'too_many_invitations');
    expectProblem(await homes.accept(guest.accessToken, token), 'token_invalid');
    expect((await homes.accept(guest.accessToken, last)).status).toBe(200);
    const gone = await homes.resend(owner.accessToken, id, invitationId);
    expectProblem(gone, 'invitation_not_found');
  });
});

describe('a user who sends many invitations', () => {
  it('is refused after sixty in a day', async () => {
    const { homes, id, admin } = flat;
    for (let n = 0; n < 50; n += 1) {
      expectInvited(await homes.invite(admin.accessToken, id, `many-${n}@example.com`));
    }
    const full = await homes.invite(admin.accessToken, id, 'many@example.com');
    expectProblem(full, 'too_many_invitations');
    const other = await homes.found(admin.accessToken);
    for (let n = 0; n < 10; n += 1) {
      expectInvited(await homes.invite(admin.accessToken, other, `more-${n}@example.com`));
    }
    await storingNothing(async () => {
      const answer = await homes.invite(admin.accessToken, other, 'most@example.com');
      expectProblem(answer, 'invitation_limit_reached');
      expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0);
    });
  });
});
