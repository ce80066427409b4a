import type { Instant } from '../../../../../domain/instant.ts';
import { type Html, html } from './html.ts';

const MONTHS = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ');

/** Formats the day in UTC: `21 Nov 2026`. */
export const dayOf = (at: Instant): string => {
  const [year, month, day] = at.slice(0, 10).split('-');
  return `${Number(day)} ${MONTHS[Number(month) - 1]} ${year}`;
};

/** Formats the time of day in UTC: `19:47:05`. */
export const timeOf = (at: Instant): string => at.slice(11, 19);

/** Renders day and time in UTC to the second; its attributes hold them to the millisecond. */
export const shownTime = (at: Instant): Html =>
  html`<time datetime="${at}" title="${at}">${dayOf(at)}, ${timeOf(at)}</time>`;

/** Splits an event name into words: `TokenTheftDetected` becomes `Token theft detected`. */
export const wordsOf = (type: string): string => {
  const words = type.replace(/(?<=[a-z])(?=[A-Z])/g, ' ').toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
};

const UNITS = [
  { name: 'day', seconds: 86_400 },
  { name: 'hour', seconds: 3_600 },
  { name: 'minute', seconds: 60 },
  { name: 'second', seconds: 1 },
] as const;

/** Formats a duration by its two largest units: `3 minutes 5 seconds`. */
export const durationOf = (seconds: number): string => {
  if (seconds < 1) return 'less than a second';
  const found = UNITS.findIndex((unit) => seconds >= unit.seconds);
  const first = found < 0 ? UNITS.length - 1 : found;
  let rest = seconds;
  return UNITS.slice(first, first + 2)
    .flatMap((unit, index) => {
      const count = Math.floor(rest / unit.seconds);
      rest -= count * unit.seconds;
      if (count === 0 && index > 0) return [];
      return [`${count} ${unit.name}${count === 1 ? '' : 's'}`];
    })
    .join(' ');
};

/** Shortens an id to both ends: ids of the same time share their beginning. */
export const shortId = (id: string): string => `${id.slice(0, 8)}…${id.slice(-6)}`;
