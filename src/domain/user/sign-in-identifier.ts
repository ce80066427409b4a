import { parseEmailAddress } from './email-address.ts';
import { foldUsername } from './username.ts';

/**
 * The identifier of a sign-in. `value` is in the folded form that the identifier registry holds.
 */
export type SignInIdentifier = Readonly<{ kind: 'email' | 'username'; value: string }>;

/** Text with an "@" is an address, anything else a username. @throws DomainError `email_invalid` */
export const parseSignInIdentifier = (text: string): SignInIdentifier =>
  text.includes('@')
    ? { kind: 'email', value: parseEmailAddress(text) }
    : { kind: 'username', value: foldUsername(text) };
