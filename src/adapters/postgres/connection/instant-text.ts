import type { Instant } from '../../../domain/instant.ts';

/** `Date` reads no offsets to the second, such as Berlin had before 1893. */
const OFFSET_TO_THE_SECOND = /([+-])(\d{2}:\d{2}):(\d{2})$/;

/**
 * What PostgreSQL writes for a `timestamptz`, in whatever time zone the session is. What is no instant
 * (`infinity`, years before Christ) stays what it is: none of ours is, but somebody may have put it there.
 */
export const toInstant = (text: string): Instant => {
  const [, sign, , seconds = '0'] = OFFSET_TO_THE_SECOND.exec(text) ?? [];
  const time = Date.parse(text.replace(OFFSET_TO_THE_SECOND, '$1$2'));
  if (Number.isNaN(time)) return text;
  return new Date(time - Number(`${sign ?? ''}${seconds}`) * 1000).toISOString();
};
