import { describe, expect, it } from 'vitest';
import { createStartGuestSession } from '../../../src/application/accounts/start-guest-session.ts';
import { createUpgradeGuest } from '../../../src/application/accounts/upgrade-guest.ts';
import { createConfirmEmail } from '../../../src/application/credentials/confirm-email.ts';
import { START } from '../../support/events/token-family-fixtures.ts';
import {
  createAccountServices,
  hashOf,
  PASSWORD,
} from '../../support/identity/account-services.ts';
import { COMMON_PASSWORD, contextFrom } from '../../support/sessions/session-services.ts';

const ANN = 'ann@example.com';
const wish = { email: ` ${ANN.toUpperCase()}`, password: PASSWORD, username: ' Ann ' };

const setUp = ({ verifyFirst = true } = {}) => {
  const services = createAccountServices();
  const startGuestSession = createStartGuestSession(services);
  const upgradeGuest = createUpgradeGuest({ ...services, verifyFirst });
  const confirmEmail = createConfirmEmail(services);
  return {
    ...services,
    start: (input: Parameters<typeof startGuestSession>[0] = {}) =>
      startGuestSession(input, contextFrom()),
    upgrade: (input: Partial<Parameters<typeof upgradeGuest>[1]> = {}, userId = 'user-1') =>
      upgradeGuest(userId, { ...wish, ...input }, contextFrom()),
    confirm: (n: number) =>
      confirmEmail(
        { type: 'email_verification', userId: 'user-1', tokenHash: `hash of otp ${n}` },
        contextFrom(),
      ),
  };
};

describe('when a guest looks around', () => {
  it('gets an account without credentials, a home and a session', async () => {
    const { start, allEvents, typesOf, accounts, sessions } = setUp();
    expect(await start({ deviceName: 'Laptop', locale: 'de' })).toMatchObject({
      sessionId: 'family-1',
      user: {
        id: 'user-1',
        email: null,
        emailVerified: false,
        username: null,
        displayName: 'Guest',
        role: 'user',
        tier: 'anonymous',
        locale: 'de',
        active: true,
        household: { id: 'household-1', name: 'Home', role: 'owner' },
        createdAt: START,
      },
    });
    expect((await allEvents()).map(({ type }) => type)).toStrictEqual([
      'UserRegistered',
      'HouseholdCreated',
      'TokenFamilyStarted',
    ]);
    expect(await typesOf('user-1')).toStrictEqual([]);
    expect(await accounts.findById('user-1')).toMatchObject({ passwordHash: null });
    expect(await sessions.unrevokedFamilyIds('user-1')).toStrictEqual(['family-1']);
  });

  it('is spoken to in English unless told otherwise', async () =>
    expect(await setUp().start()).toMatchObject({ user: { locale: 'en' } }));

  it('shares nothing with the next guest', async () => {
    const { start } = setUp();
    const [first, second] = [await start(), await start()];
    expect(first.user.id).not.toBe(second.user.id);
    expect(first.user.household?.id).not.toBe(second.user.household?.id);
  });
});

describe('when a guest signs up and addresses are proven first', () => {
  it('stays a guest until the link is followed', async () => {
    const { start, upgrade, confirm, typesOf, accounts, sessions, steps } = setUp();
    await start();
    expect(await upgrade()).toBe(false);
    expect(await typesOf('user-1')).toStrictEqual([
      'GuestUpgradeRequested',
      'EmailVerificationRequested',
    ]);
    expect(await accounts.findById('user-1')).toMatchObject({ tier: 'anonymous' });
    expect(steps).toStrictEqual([]);

    await confirm(1);
    expect(steps).toStrictEqual([`claim email ${ANN}`, 'claim username ann']);
    expect(await accounts.findById('user-1')).toMatchObject({
      tier: 'free',
      passwordHash: hashOf(PASSWORD),
      profile: { email: ANN },
    });
    expect(await sessions.unrevokedFamilyIds('user-1')).toStrictEqual(['family-1']);
  });

  it('is answered alike when the address is taken', async () => {
    const { start, signUp, upgrade, confirm } = setUp();
    await start();
    await signUp('user_ben', ANN);
    expect(await upgrade()).toBe(false);
    await expect(confirm(1)).rejects.toMatchObject({ code: 'token_invalid' });
  });
});

describe('when a guest signs up and addresses are taken as they are', () => {
  it('is a user at once, and gets a mail', async () => {
    const { start, upgrade, typesOf, steps, eventsOfUser } = setUp({ verifyFirst: false });
    await start();
    expect(await upgrade()).toBe(true);
    expect(await typesOf('user-1')).toStrictEqual([
      'GuestUpgraded',
      'UsernameChanged',
      'EmailVerificationRequested',
    ]);
    expect(steps).toStrictEqual([`claim email ${ANN},username ann`]);
    expect((await eventsOfUser('user-1'))[1]).toMatchObject({ data: { displayName: 'Guest' } });
  });

  it('takes the name that is given, and does without a username', async () => {
    const { start, upgrade, eventsOfUser, steps } = setUp({ verifyFirst: false });
    await start();
    await upgrade({ displayName: ' Ann ', username: undefined });
    expect((await eventsOfUser('user-1'))[1]).toMatchObject({ data: { displayName: 'Ann' } });
    expect(steps).toStrictEqual([`claim email ${ANN}`]);
  });

  it('is refused a taken address, and nothing is stored', async () => {
    const { start, signUp, upgrade, typesOf } = setUp({ verifyFirst: false });
    await start();
    await signUp('user_ben', ANN);
    await expect(upgrade()).rejects.toMatchObject({ code: 'identifier_taken' });
    expect(await typesOf('user-1')).toStrictEqual([]);
  });

  it('gives back what it claimed when it fails', async () => {
    const services = setUp({ verifyFirst: false });
    await services.start();
    const busy = createUpgradeGuest({
      ...services,
      verifyFirst: false,
      passwords: {
        ...services.passwords,
        hash: async () => {
          throw new Error('busy');
        },
      },
    });
    await expect(busy('user-1', wish, contextFrom())).rejects.toThrow('busy');
    expect(services.steps.at(-1)).toBe(`release email ${ANN},username ann`);
  });
});

describe('when the wish is not to be had', () => {
  it.each([
    [{ email: 'nobody' }, 'email_invalid'],
    [{ username: 'a' }, 'username_invalid'],
    [{ displayName: '' }, 'display_name_invalid'],
    [{ password: 'short' }, 'password_too_short'],
    [{ password: COMMON_PASSWORD }, 'password_too_common'],
  ])('is refused before anything is claimed: %o', async (input, code) => {
    for (const verifyFirst of [true, false]) {
      const { start, upgrade, steps, typesOf } = setUp({ verifyFirst });
      await start();
      await expect(upgrade(input)).rejects.toMatchObject({ code });
      expect([steps, await typesOf('user-1')]).toStrictEqual([[], []]);
    }
  });

  it('is refused for everybody but guests', async () => {
    const { signUp, upgrade, steps } = setUp({ verifyFirst: false });
    await signUp('user_ben', 'ben@example.com');
    await expect(upgrade({}, 'user_ben')).rejects.toMatchObject({ code: 'not_a_guest' });
    await expect(upgrade({}, 'user_gone')).rejects.toMatchObject({ code: 'not_a_guest' });
    expect(steps).toStrictEqual([]);
  });
});
