import { describe, expect, it } from 'vitest';
import { createUpgradeGuest } from '../../../src/application/accounts/upgrade-guest.ts';
import { ANN, createGuestServices, upgradeInput } from '../../support/accounts/guest-services.ts';
import { at, START } from '../../support/events/token-family-fixtures.ts';
import { hashOf, mintedToken, PASSWORD } from '../../support/identity/account-services.ts';
import { COMMON_PASSWORD, contextFrom } from '../../support/sessions/session-services.ts';

describe('upgrading a guest where addresses are verified first', () => {
  it('takes effect when the mailed link is used', async () => {
    const { start, upgrade, confirm, typesOf, accounts, sessions, steps } = createGuestServices();
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

  it('stores GuestUpgradeRequested and EmailVerificationRequested', async () => {
    const { start, upgrade, eventsOfUser } = createGuestServices();
    await start();
    await upgrade();
    expect((await eventsOfUser('user-1')).slice(1)).toStrictEqual([
      {
        type: 'GuestUpgradeRequested',
        data: {
          email: ANN,
          username: 'ann',
          displayName: 'Guest',
          passwordHash: hashOf(PASSWORD),
          requestedAt: START,
        },
      },
      {
        type: 'EmailVerificationRequested',
        data: { email: ANN, token: mintedToken(1, at(86_400)), requestedAt: START },
      },
    ]);
  });

  it('is answered alike when the address is taken, and its token is refused', async () => {
    const { start, signUp, upgrade, confirm } = createGuestServices();
    await start();
    await signUp('user_ben', ANN);
    expect(await upgrade()).toBe(false);
    await expect(confirm(1)).rejects.toMatchObject({ code: 'token_invalid' });
  });
});

describe('upgrading a guest where addresses count at once', () => {
  it('makes the guest a user immediately, and mails a link', async () => {
    const { start, upgrade, typesOf, steps, eventsOfUser } = createGuestServices({
      verifyFirst: false,
    });
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

  it('stores GuestUpgraded, UsernameChanged and EmailVerificationRequested', async () => {
    const { start, upgrade, eventsOfUser } = createGuestServices({ verifyFirst: false });
    await start();
    await upgrade();
    expect((await eventsOfUser('user-1')).slice(1)).toStrictEqual([
      {
        type: 'GuestUpgraded',
        data: {
          email: ANN,
          displayName: 'Guest',
          passwordHash: hashOf(PASSWORD),
          upgradedAt: START,
        },
      },
      { type: 'UsernameChanged', data: { username: 'ann', previous: null, changedAt: START } },
      {
        type: 'EmailVerificationRequested',
        data: { email: ANN, token: mintedToken(1, at(86_400)), requestedAt: START },
      },
    ]);
  });

  it('takes the display name that is given, and needs no username', async () => {
    const { start, upgrade, eventsOfUser, steps } = createGuestServices({ verifyFirst: false });
    await start();
    await upgrade({ displayName: ' Ann ', username: undefined });
    expect((await eventsOfUser('user-1'))[1]).toMatchObject({ data: { displayName: 'Ann' } });
    expect(steps).toStrictEqual([`claim email ${ANN}`]);
  });

  it('is refused when the address is taken, and stores nothing', async () => {
    const { start, signUp, upgrade, typesOf } = createGuestServices({ verifyFirst: false });
    await start();
    await signUp('user_ben', ANN);
    await expect(upgrade()).rejects.toMatchObject({ code: 'identifier_taken' });
    expect(await typesOf('user-1')).toStrictEqual([]);
  });

  it('releases the claimed identifiers when the password cannot be hashed', async () => {
    const services = createGuestServices({ verifyFirst: false });
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
    await expect(busy('user-1', upgradeInput, contextFrom())).rejects.toThrow('busy');
    expect(services.steps.at(-1)).toBe(`release email ${ANN},username ann`);
  });
});

describe('upgrading a guest that is refused', () => {
  it.each([
    [{ email: 'nobody' }, 'email_invalid'],
    [{ username: 'a' }, 'username_invalid'],
    [{ displayName: '' }, 'display_name_invalid'],
    [{ password: 'short' }, 'password_too_short'],
    [{ password: COMMON_PASSWORD }, 'password_too_common'],
  ])('claims nothing when the input is malformed: %o', async (input, code) => {
    for (const verifyFirst of [true, false]) {
      const { start, upgrade, steps, typesOf } = createGuestServices({ verifyFirst });
      await start();
      await expect(upgrade(input)).rejects.toMatchObject({ code });
      expect([steps, await typesOf('user-1')]).toStrictEqual([[], []]);
    }
  });

  it('claims nothing when the user is not a guest, or does not exist', async () => {
    const { signUp, upgrade, steps } = createGuestServices({ verifyFirst: false });
    await signUp('user_ben', 'ben@example.com');
    await expect(upgrade({}, 'user_ben')).rejects.toMatchObject({ code: 'not_a_guest' });
    await expect(upgrade({}, 'user_gone')).rejects.toMatchObject({ code: 'not_a_guest' });
    expect(steps).toStrictEqual([]);
  });
});
