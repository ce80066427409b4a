import type { Instant } from '../../domain/instant.ts';
import type { IssuedToken } from '../../domain/one-time-token.ts';
import type { UserEvent } from '../../domain/user/user-events.ts';
import type { UserAccount } from '../../domain/user/user-state.ts';
import type { AccountDirectory } from '../identity/account-directory.ts';
import type { OneTimeTokenCodec } from '../identity/one-time-token-codec.ts';
import type { Clock } from '../kernel/clock.ts';
import { ERASED, type RecordedEvent } from '../kernel/event-store.ts';
import type { Mail, MailContent } from './mailer.ts';

type Dependencies = Readonly<{
  accounts: AccountDirectory;
  codec: OneTimeTokenCodec;
  clock: Clock;
}>;

/** The account at the time of the event: a later address may be another person's. */
export type Addressee = Pick<UserAccount, 'email' | 'locale' | 'upgrade'>;

type Draft = Readonly<{ to: string; locale: string; content: MailContent }>;
type TokenMail = Extract<MailContent, { token: string }>['kind'];
type MailCause = Extract<UserEvent, { type: (typeof mailCauses)[number] }>;

/** The user events that cause a mail. */
export const mailCauses = [
  'EmailVerificationRequested',
  'EmailChangeRequested',
  'EmailChanged',
  'PasswordResetRequested',
  'PasswordChanged',
  'UserLocked',
] as const;

/** Checks whether a user event causes a mail. */
export const isMailCause = (event: RecordedEvent['event']): event is MailCause =>
  mailCauses.some((type) => type === event.type);

export type ComposeMail = ReturnType<typeof createComposeMail>;

/**
 * Composes the mail that an event causes; undefined without an address or with an expired token.
 */
export const createComposeMail = ({ accounts, codec, clock }: Dependencies) => {
  /** Returns undefined once the token has expired. */
  const withToken = (
    kind: TokenMail,
    issued: IssuedToken,
    now: Instant,
  ): MailContent | undefined => {
    const token = now < issued.expiresAt ? codec.derive(issued) : undefined;
    return token === undefined ? undefined : { kind, token, expiresAt: issued.expiresAt };
  };

  /** Composes a mail that verifies an address; another user who has the address gets a notice. */
  const verificationMail = async (
    kind: 'email_verification' | 'guest_upgrade' | 'email_change',
    { email, token }: Readonly<{ email: string; token: IssuedToken }>,
    userId: string,
    locale: string,
  ): Promise<Draft | undefined> => {
    const holder = await accounts.findAddressHolder(email);
    if (holder !== undefined && holder.userId !== userId) {
      return { to: email, locale: holder.locale, content: { kind: 'address_in_use' } };
    }
    const content = withToken(kind, token, clock.now());
    return content && { to: email, locale, content };
  };

  const draft = async (
    { type, data }: MailCause,
    userId: string,
    { email: to, locale, upgrade }: Addressee,
  ): Promise<Draft | undefined> => {
    const notice = (content: MailContent): Draft | undefined =>
      to === null ? undefined : { to, locale, content };
    switch (type) {
      case 'EmailVerificationRequested':
        return verificationMail(
          upgrade === null ? 'email_verification' : 'guest_upgrade',
          data,
          userId,
          locale,
        );
      case 'EmailChangeRequested':
        return verificationMail('email_change', data, userId, locale);
      case 'PasswordResetRequested': {
        const content = withToken('password_reset', data.token, clock.now());
        return content && { to: data.email, locale, content };
      }
      case 'EmailChanged': {
        if (data.previous === null || data.undo === null) return undefined;
        const content = withToken('email_changed', data.undo.token, clock.now());
        return content && { to: data.previous, locale, content };
      }
      case 'PasswordChanged':
        return data.passwordHash === null
          ? undefined
          : notice({ kind: 'password_changed', changedAt: data.changedAt });
      case 'UserLocked':
        return notice({ kind: 'account_locked', lockedUntil: data.lockedUntil });
    }
  };

  return async (
    { eventId: id, stream, event }: RecordedEvent,
    addressee: Addressee,
  ): Promise<Mail | undefined> => {
    if (!isMailCause(event)) return undefined;
    const mail = await draft(event, stream.id, addressee);
    return mail === undefined || mail.to === ERASED ? undefined : { id, ...mail };
  };
};
