import type { GrantableRole } from '../../../../domain/household/household-events.ts';
import type { LinkKind } from './link-paths.ts';

/** A heading and the paragraphs below it. */
export type Notice = Readonly<{ heading: string; paragraphs: readonly string[] }>;

/** The reason why a form is shown again. */
export type PageRefusal =
  | 'password_too_short'
  | 'password_too_long'
  | 'password_too_common'
  | 'display_name_invalid'
  | 'household_full'
  | 'email_not_verified'
  | 'rate_limited'
  | 'unavailable'
  | 'failed';

/** All texts of one language: a page without a text in it does not compile. */
export type PageLanguage = Readonly<{
  /** Primary language subtag (RFC 5646, 2.2.1). */
  tag: string;
  /** The page before the button is pressed, and the one after. */
  links: Readonly<Record<LinkKind, Readonly<{ ask: Notice; button: string; done: Notice }>>>;
  invitation: Readonly<{
    /** The page of an open invitation; `inviter` and `household` are names that users chose. */
    ask: (invitation: Readonly<{ inviter: string; household: string; role: string }>) => Notice;
    roles: Readonly<Record<GrantableRole, string>>;
    /** Replaces the inviter's name where it is unknown, as after an erasure. */
    unknownInviter: string;
    accept: string;
    decline: string;
    signUp: Readonly<{ explanation: string; displayName: string; button: string }>;
    accepted: Notice;
    /** The invitation was accepted, declined or revoked, or has expired. */
    over: Notice;
    declined: Notice;
  }>;
  newPassword: Readonly<{ label: string; hint: string }>;
  /** The token was used or superseded, has expired, or was never issued. */
  spent: Notice;
  /** The address contains no token, as when a mail program cuts it off. */
  incomplete: Notice;
  refusals: Readonly<Record<PageRefusal, string>>;
}>;
