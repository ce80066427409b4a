import { DomainError } from '../domain-error.ts';

/** A trimmed, case-folded NFKC address: two spellings of one mailbox are the same text. */
export type EmailAddress = string;

const MAX_ADDRESS = 254; // RFC 5321, 4.5.3.1.3
const MAX_LOCAL_PART = 64; // RFC 5321, 4.5.3.1.1
// U+3002 is a dot to mail servers. Characters that separate or quote in a mail header are refused.
const SHAPE =
  /^[^\s@,;:<>()[\]\\"\p{C}]+@[^\s@,;:<>()[\]\\"\p{C}.。]+(\.[^\s@,;:<>()[\]\\"\p{C}.。]+)*$/u;

/** Normalises an e-mail address. @throws DomainError `email_invalid` */
export const parseEmailAddress = (text: string): EmailAddress => {
  const trimmed = text.trim();
  const folded = trimmed.normalize('NFKC').toLowerCase().normalize('NFKC');
  // NFKC turns look-alikes of "@" into "@": an address with one is refused.
  const plainAt = trimmed.split('@').length === 2;
  const local = folded.slice(0, folded.indexOf('@'));
  const fits = folded.length <= MAX_ADDRESS && local.length <= MAX_LOCAL_PART;
  if (!plainAt || !fits || !SHAPE.test(folded)) throw new DomainError('email_invalid');
  return folded;
};
