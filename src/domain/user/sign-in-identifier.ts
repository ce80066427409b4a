import { parseEmailAddress } from './email-address.ts';
import { foldUsername } from './username.ts';

/** An identifier that a user signs in with. `value` is folded, as in the identifier registry. */
export type SignInIdentifier = Readonly<{ kind: 'email' | 'username'; value: string }>;

/**
 * Reads text with an "@" as an address, other text as a username.
 * @throws DomainError `email_invalid`
 */
export const parseSignInIdentifier = (text: string): SignInIdentifier =>
  text.includes('@')
    ? { kind: 'email', value: parseEmailAddress(text) }
    : { kind: 'username', value: foldUsername(text) };
