import type { GrantableRole } from '../../../../domain/household/household-events.ts';
import type { LinkKind } from './link-paths.ts';

/** A heading and what there is to say below it. */
export type Notice = Readonly<{ heading: string; paragraphs: readonly string[] }>;

/** Why the form is shown once more. */
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

/** One language, whole: a page without words in it does not compile. */
export type PageLanguage = Readonly<{
  /** Primary language subtag (RFC 5646, 2.2.1). */
  tag: string;
  /** Before the button is pressed, and after. */
  links: Readonly<Record<LinkKind, Readonly<{ ask: Notice; button: string; done: Notice }>>>;
  invitation: Readonly<{
    /** `inviter` and `household` are people's own words. */
    ask: (invitation: Readonly<{ inviter: string; household: string; role: string }>) => Notice;
    roles: Readonly<Record<GrantableRole, string>>;
    /** Stands where the inviter's name is not known any more. */
    somebody: string;
    accept: string;
    decline: string;
    signUp: Readonly<{ explanation: string; displayName: string; button: string }>;
    accepted: Notice;
    /** Accepted, declined or revoked already, or expired. */
    over: Notice;
    declined: Notice;
  }>;
  newPassword: Readonly<{ label: string; hint: string }>;
  /** The token was used, superseded, has expired, or is none. */
  spent: Notice;
  /** The token was lost on the way from the mail to the browser. */
  incomplete: Notice;
  refusals: Readonly<Record<PageRefusal, string>>;
}>;
