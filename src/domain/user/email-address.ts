import { DomainError } from '../domain-error.ts';

/** A trimmed, case-folded, NFKC address: two spellings of one mailbox are equal as text. */
export type EmailAddress = string;

const MAX_ADDRESS = 254; // RFC 5321, 4.5.3.1.3
const MAX_LOCAL_PART = 64; // RFC 5321, 4.5.3.1.1
// U+3002 is a dot to mail servers. No separators a mail header could be split on, no quotes, no control characters, one plain "@".
const SHAPE =
  /^[^\s@,;:<>()[\]\\"\p{C}]+@[^\s@,;:<>()[\]\\"\p{C}.。]+(\.[^\s@,;:<>()[\]\\"\p{C}.。]+)*$/u;

/** @throws DomainError `email_invalid` */
export const parseEmailAddress = (text: string): EmailAddress => {
  const trimmed = text.trim();
  const folded = trimmed.normalize('NFKC').toLowerCase().normalize('NFKC');
  // A look-alike "@" becomes a real one only through NFKC: refuse it instead of guessing.
  const plainAt = trimmed.split('@').length === 2;
  const local = folded.slice(0, folded.indexOf('@'));
  const fits = folded.length <= MAX_ADDRESS && local.length <= MAX_LOCAL_PART;
  if (!plainAt || !fits || !SHAPE.test(folded)) throw new DomainError('email_invalid');
  return folded;
};
