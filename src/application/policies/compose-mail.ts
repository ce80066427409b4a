import type { Instant } from '../../domain/instant.ts';
import type { IssuedToken } from '../../domain/user/one-time-token.ts';
import type { UserEvent } from '../../domain/user/user-events.ts';
import type { Account, AccountDirectory } from '../ports/account-directory.ts';
import type { Clock } from '../ports/clock.ts';
import { ERASED, type RecordedEvent } from '../ports/event-store.ts';
import type { Mail, MailContent } from '../ports/mailer.ts';
import type { OneTimeTokenCodec } from '../ports/one-time-token-codec.ts';

type Dependencies = Readonly<{
  accounts: AccountDirectory;
  codec: OneTimeTokenCodec;
  clock: Clock;
}>;

type Draft = Readonly<{ to: string; locale: string; content: MailContent }>;
type MailCause = Extract<UserEvent, { type: (typeof mailCauses)[number] }>;

/** The events that somebody is told of by mail. */
export const mailCauses = [
  'EmailVerificationRequested',
  'EmailChangeRequested',
  'EmailChanged',
  'PasswordResetRequested',
  'PasswordChanged',
  'UserLocked',
] as const;

export const isMailCause = (event: RecordedEvent['event']): event is MailCause =>
  mailCauses.some((type) => type === event.type);

export type ComposeMail = ReturnType<typeof createComposeMail>;

/** What an event makes somebody be told; undefined when there is nobody to tell, or nothing any more. */
export const createComposeMail = ({ accounts, codec, clock }: Dependencies) => {
  /** Undefined too once the token is of no use: nobody needs a mail about it. */
  const withToken = (
    kind: 'email_verification' | 'password_reset' | 'email_change' | 'email_changed',
    issued: IssuedToken,
    now: Instant,
  ): MailContent | undefined => {
    const token = now < issued.expiresAt ? codec.derive(issued) : undefined;
    return token === undefined ? undefined : { kind, token, expiresAt: issued.expiresAt };
  };

  /** To an address that is to be proven; whoever has it already learns of the attempt instead. */
  const proof = async (
    kind: 'email_verification' | 'email_change',
    { email, token }: Readonly<{ email: string; token: IssuedToken }>,
    account: Account,
  ): Promise<Draft | undefined> => {
    const owner = await accounts.findByIdentifier({ kind: 'email', value: email });
    if (owner !== undefined && owner.userId !== account.userId) {
      return { to: email, locale: owner.profile.locale, content: { kind: 'address_in_use' } };
    }
    const content = withToken(kind, token, clock.now());
    return content && { to: email, locale: account.profile.locale, content };
  };

  const draft = async ({ type, data }: MailCause, account: Account): Promise<Draft | undefined> => {
    const { locale, email: to } = account.profile;
    const notice = (content: MailContent): Draft | undefined =>
      to === null ? undefined : { to, locale, content };
    switch (type) {
      case 'EmailVerificationRequested':
        return proof('email_verification', data, account);
      case 'EmailChangeRequested':
        return proof('email_change', data, account);
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

  return async ({ eventId: id, stream, event }: RecordedEvent): Promise<Mail | undefined> => {
    if (!isMailCause(event)) return undefined;
    const account = await accounts.findById(stream.id);
    if (account === undefined) return undefined;
    const mail = await draft(event, account);
    return mail === undefined || mail.to === ERASED ? undefined : { id, ...mail };
  };
};
