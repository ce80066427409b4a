import type { Instant } from '../../../domain/instant.ts';

/** `Date` cannot parse offsets with seconds, such as Berlin's before 1893. */
const OFFSET_TO_THE_SECOND = /([+-])(\d{2}:\d{2}):(\d{2})$/;

/**
 * Converts PostgreSQL's text of a `timestamptz`, in any session time zone, to an `Instant`. A value
 * that is no instant (`infinity`, years BC) is returned unchanged; Latchkey writes none, but
 * another program may.
 */
export const toInstant = (text: string): Instant => {
  const [, sign, , seconds = '0'] = OFFSET_TO_THE_SECOND.exec(text) ?? [];
  const time = Date.parse(text.replace(OFFSET_TO_THE_SECOND, '$1$2'));
  if (Number.isNaN(time)) return text;
  return new Date(time - Number(`${sign ?? ''}${seconds}`) * 1000).toISOString();
};
