import { describe, expect, it } from 'vitest';
import type { Account } from '../../../src/application/identity/account-directory.ts';
import {
  type Addressee,
  createComposeMail,
  mailCauses,
} from '../../../src/application/mail/compose-mail.ts';
import type { UserEvent } from '../../../src/domain/user/user-events.ts';
import {
  ANN,
  ANNA,
  changed,
  changeRequested,
  passwordChanged,
  resetRequested,
  undone,
  verificationRequested,
} from '../../support/events/account-fixtures.ts';
import { createManualClock } from '../../support/events/manual-clock.ts';
import { everyEvent } from '../../support/events/projected-event-fixtures.ts';
import { accountOf, recorded } from '../../support/events/recorded-events.ts';
import { at } from '../../support/events/token-family-fixtures.ts';
import { issuedToken, locked } from '../../support/events/user-fixtures.ts';

const DAY = 86_400;
const WEEK = 7 * DAY;

type World = Readonly<{
  account?: Account;
  upgrade?: Addressee['upgrade'];
  /** Who has which address, or may take it back. */
  owners?: Readonly<Record<string, Account>>;
  seconds?: number;
  keyLost?: boolean;
}>;

const setUp = ({
  account = accountOf(),
  upgrade = null,
  owners = {},
  seconds = 100,
  keyLost = false,
}: World = {}) => {
  const clock = createManualClock();
  clock.advance(seconds);
  const composeMail = createComposeMail({
    accounts: {
      findById: async () => undefined,
      findByIdentifier: async () => undefined,
      findAddressHolder: async (email) => {
        const owner = owners[email];
        return owner && { userId: owner.userId, locale: owner.profile.locale };
      },
      findPrincipal: async () => undefined,
      findLatestPending: async () => undefined,
      hasOtherActiveAdmin: async () => false,
    },
    codec: {
      mint: () => issuedToken(0, at(0)),
      derive: ({ id, keyId }) => (keyLost ? undefined : `token ${Number(`0x${id}`) / 2} ${keyId}`),
      hash: () => undefined,
    },
    clock,
  });
  const { profile } = account;
  const addressee = { email: profile.email, locale: profile.locale, upgrade };
  return (event: UserEvent) => composeMail(recorded(event, 3), addressee);
};

const ben = accountOf({ userId: 'user_ben', email: ANNA, locale: 'de' });

describe('composing the mail of an event', () => {
  it.each<[UserEvent, string, object]>([
    [
      verificationRequested(1, 0, ANNA),
      ANNA,
      { kind: 'email_verification', token: 'token 1 7', expiresAt: at(DAY) },
    ],
    [changeRequested(2, 0), ANNA, { kind: 'email_change', token: 'token 2 7', expiresAt: at(DAY) }],
    [
      changed(0, 3, 50, ['old@example.com', ANN]),
      'old@example.com',
      { kind: 'email_changed', token: 'token 3 7', expiresAt: at(50 + WEEK) },
    ],
    [
      resetRequested(4, 50, 'old@example.com'),
      'old@example.com',
      { kind: 'password_reset', token: 'token 4 7', expiresAt: at(50 + 3_600) },
    ],
    [passwordChanged('change', 50), ANN, { kind: 'password_changed', changedAt: at(50) }],
    [passwordChanged('reset', 50), ANN, { kind: 'password_changed', changedAt: at(50) }],
    [locked(50), ANN, { kind: 'account_locked', lockedUntil: at(50 + 3_600) }],
  ])('goes to the address that the event names: $type', async (event, to, content) =>
    expect(await setUp()(event)).toStrictEqual({ id: 'event-3', to, locale: 'en', content }),
  );

  it('uses the language of the account', async () => {
    const compose = setUp({ account: accountOf({ locale: 'de-AT' }) });
    for (const event of [
      verificationRequested(1),
      resetRequested(1),
      passwordChanged('change', 1),
    ]) {
      expect(await compose(event)).toMatchObject({ locale: 'de-AT' });
    }
  });

  it('composes nothing for an event without a mail', async () => {
    const compose = setUp();
    const told = new Set<string>();
    for (const { stream, event } of everyEvent) {
      if (stream.category !== 'user') continue;
      if ((await compose(event as UserEvent)) !== undefined) told.add(event.type);
    }
    expect([...told].sort()).toStrictEqual([...mailCauses].sort());
  });
});

describe('composing a mail to an address that another account has', () => {
  const compose = setUp({ owners: { [ANNA]: ben } });

  it.each([verificationRequested(1, 0, ANNA), changeRequested(1)])(
    'tells its owner in the language of the owner, and contains no token: $type',
    async (event) =>
      expect(await compose(event)).toStrictEqual({
        id: 'event-3',
        to: ANNA,
        locale: 'de',
        content: { kind: 'address_in_use' },
      }),
  );

  it('says that the address is in use after the token has expired as well', async () =>
    expect(
      await setUp({ owners: { [ANNA]: ben }, seconds: WEEK })(changeRequested(1)),
    ).toMatchObject({ content: { kind: 'address_in_use' } }));
});

describe('composing a mail about the upgrade of a guest', () => {
  it('says that the guest stays signed in', async () => {
    const upgrade = { email: ANNA, username: null, displayName: 'Ann', passwordHash: 'hash' };
    const compose = setUp({ account: accountOf({ email: null }), upgrade });
    expect(await compose(verificationRequested(1, 0, ANNA))).toStrictEqual({
      id: 'event-3',
      to: ANNA,
      locale: 'en',
      content: { kind: 'guest_upgrade', token: 'token 1 7', expiresAt: at(DAY) },
    });
  });
});

describe('composing a mail to the address of the account itself', () => {
  it('sends the token', async () =>
    expect(await setUp({ owners: { [ANN]: accountOf() } })(verificationRequested(1))).toMatchObject(
      { content: { kind: 'email_verification' } },
    ));
});

describe('composing a mail that has become pointless', () => {
  it.each([
    [verificationRequested(1), DAY],
    [changeRequested(1), DAY],
    [resetRequested(1), 3_600],
    [changed(0, 1, 0), WEEK],
  ])('composes nothing with an expired token: %o', async (event, seconds) => {
    expect(await setUp({ seconds: seconds - 1 })(event)).toMatchObject({ id: 'event-3' });
    expect(await setUp({ seconds })(event)).toBeUndefined();
  });

  it.each([verificationRequested(1), changeRequested(1), resetRequested(1), changed(0, 1, 0)])(
    'sends no token whose key is gone: $type',
    async (event) => expect(await setUp({ keyLost: true })(event)).toBeUndefined(),
  );

  it('composes nothing for a change that was undone, or for a first address', async () => {
    expect(await setUp()(undone(0, 1))).toBeUndefined();
    const first = changed(0, 1, 0);
    expect(await setUp()({ ...first, data: { ...first.data, previous: null } })).toBeUndefined();
  });

  it('composes nothing for a password that was voided', async () =>
    expect(await setUp()(passwordChanged('reset', 1, null))).toBeUndefined());

  it.each([passwordChanged('change', 1), locked(1)])(
    'has nowhere to send it to without an address: $type',
    async (event) =>
      expect(await setUp({ account: accountOf({ email: null }) })(event)).toBeUndefined(),
  );

  it.each([
    verificationRequested(1, 0, '[erased]'),
    changeRequested(1, 0, '[erased]'),
    resetRequested(1, 0, '[erased]'),
    changed(0, 1, 0, ['[erased]', '[erased]']),
    passwordChanged('change', 1, '[erased]'),
    locked(1),
  ])('composes nothing once the user is erased: $type', async (event) =>
    expect(await setUp({ account: accountOf({ email: null }) })(event)).toBeUndefined(),
  );
});
