import { describe, expect, it } from 'vitest';
import type { Account } from '../../../src/application/identity/account-directory.ts';
import {
  createComposeInvitationMail,
  isInvitationCause,
} from '../../../src/application/mail/compose-invitation-mail.ts';
import type { InvitationResent } from '../../../src/domain/household/household-events.ts';
import { invitationResent, memberInvited } from '../../support/events/household-event-fixtures.ts';
import { createManualClock } from '../../support/events/manual-clock.ts';
import { everyEvent } from '../../support/events/projected-event-fixtures.ts';
import { accountOf, recorded } from '../../support/events/recorded-events.ts';
import { at } from '../../support/events/token-family-fixtures.ts';
import { issuedToken } from '../../support/events/user-fixtures.ts';

const BEN = 'ben@example.com';
const WEEK = 7 * 86_400;

type World = Readonly<{
  /** The account that has the address, if there is one. */
  reader?: Account;
  /** Who invites, or sends again. */
  inviter?: Account;
  address?: string | undefined;
  seconds?: number;
  keyLost?: boolean;
}>;

const setUp = (world: World = {}) => {
  const { reader, inviter, seconds = 300, keyLost = false } = world;
  const address = 'address' in world ? world.address : BEN;
  const clock = createManualClock();
  clock.advance(seconds);
  const asked: string[] = [];
  const compose = createComposeInvitationMail({
    accounts: {
      findById: async (userId) => (userId === inviter?.userId ? inviter : undefined),
      findByIdentifier: async () => undefined,
      findPrincipal: async () => undefined,
      findAddressHolder: async (email) =>
        email === reader?.profile.email
          ? { userId: reader.userId, locale: reader.profile.locale }
          : undefined,
      findLatestPending: async () => undefined,
      hasOtherActiveAdmin: async () => false,
    },
    addresses: {
      remember: async () => undefined,
      find: async (invitationId) => {
        asked.push(invitationId);
        return address;
      },
      forget: async () => undefined,
    },
    codec: {
      mint: () => issuedToken(0, at(0)),
      derive: ({ id, keyId }) => (keyLost ? undefined : `token ${Number(`0x${id}`) / 2} ${keyId}`),
      hash: () => undefined,
    },
    clock,
  });
  return { compose, asked };
};

const first = recorded(memberInvited, 1);
const second = recorded(invitationResent, 2);
const mail = (id: string, locale: string, token: string, expiresAt: string) => ({
  id,
  to: BEN,
  locale,
  content: { kind: 'household_invitation', token, expiresAt },
});

describe('the mail of an invitation', () => {
  it('goes to the invited address, with the token of the event', async () => {
    const { compose, asked } = setUp();
    expect(await compose(first)).toStrictEqual(mail('event-1', 'en', 'token 11 7', at(102 + WEEK)));
    expect(await compose(second)).toStrictEqual(
      mail('event-2', 'en', 'token 12 7', at(200 + WEEK)),
    );
    expect(asked).toStrictEqual(['inv_ben', 'inv_ben']);
  });

  it('names neither the inviter nor the household, whose words the inviter chooses', async () => {
    const inviter = accountOf({ displayName: 'Buy now' });
    const text = JSON.stringify(await setUp({ inviter }).compose(first));
    expect(text).not.toMatch(/Buy now|user_ann|hh_/);
  });

  it('is in the language of the invited account, else in that of the inviter', async () => {
    const reader = accountOf({ userId: 'user_ben', email: BEN, locale: 'de' });
    const inviter = accountOf({ locale: 'fr' });
    const admin = accountOf({ userId: 'user_cid', locale: 'it' });
    const resent: InvitationResent = {
      ...invitationResent,
      data: { ...invitationResent.data, resentBy: 'user_cid' },
    };
    expect(await setUp({ reader, inviter }).compose(first)).toMatchObject({ locale: 'de' });
    expect(await setUp({ inviter }).compose(first)).toMatchObject({ locale: 'fr' });
    expect(await setUp({ inviter: admin }).compose(recorded(resent))).toMatchObject({
      locale: 'it',
    });
    expect(await setUp().compose(first)).toMatchObject({ locale: 'en' });
  });
});

describe('no mail is composed', () => {
  it.each<[string, World]>([
    ['once the invitation is over', { address: undefined }],
    ['once the token has expired', { seconds: 102 + WEEK }],
    ['when the key of the token is gone', { keyLost: true }],
  ])('%s', async (_, world) => expect(await setUp(world).compose(first)).toBeUndefined());

  it('when the address got too many invitations', async () => {
    const { compose, asked } = setUp();
    for (const event of [memberInvited, invitationResent]) {
      const unmailed = { ...event, data: { ...event.data, mailed: false } };
      expect(await compose(recorded(unmailed))).toBeUndefined();
    }
    expect(asked).toStrictEqual([]);
  });

  it('for any other event', async () => {
    const { compose } = setUp();
    const causes = everyEvent.filter(({ event }) => isInvitationCause(event));
    expect(causes.map(({ event }) => event)).toStrictEqual([memberInvited, invitationResent]);
    for (const { event } of everyEvent) {
      const isCause = isInvitationCause(event);
      expect((await compose(recorded(event))) !== undefined).toBe(isCause);
    }
  });
});
