import type { LoggedEvent } from '../../../../application/auditing/event-directory.ts';
import { theftCauseWords } from '../../../../application/sessions/refresh-words.ts';
import type { TheftCause } from '../../../../domain/token-family/token-family-events.ts';
import { eventName } from './family/family-words.ts';
import { adminPaths } from './parts/admin-paths.ts';
import { auditTable } from './parts/audit-table.ts';
import { type Html, html, nothing, readable } from './parts/html.ts';
import { durationOf, shortId, shownTime, wordsOf } from './parts/shown-values.ts';

const idOf = (stream: string): string => stream.slice(stream.indexOf('-') + 1);

const shortLink = (href: string, id: string): Html =>
  html`<a class="id short" href="${href}" title="${id}">${shortId(id)}</a>`;

export const familyLink = (base: string, id: string): Html =>
  shortLink(`${base}${adminPaths.family(id)}`, id);

const userLink = (base: string, id: string): Html => shortLink(`${base}${adminPaths.user(id)}`, id);

const isCause = (cause: unknown): cause is TheftCause =>
  typeof cause === 'string' && Object.hasOwn(theftCauseWords, cause);

/** Renders `TokenTheftDetected` events, latest first, as a table. */
export const theftTable = (base: string, thefts: readonly LoggedEvent[]): Html =>
  auditTable({
    label: 'Thefts',
    columns: ['When', 'Session', 'User', 'Presented token', 'Reason'],
    rows: thefts.map(({ occurredAt, stream, data }) => ({
      mark: 'alarm',
      cells: [
        shownTime(occurredAt),
        familyLink(base, idOf(stream)),
        userLink(base, String(data.userId)),
        `generation ${data.presentedGeneration}, while generation ${data.currentGeneration} had been live for ${durationOf(Number(data.ageSeconds))}`,
        isCause(data.cause) ? theftCauseWords[data.cause] : '',
      ],
    })),
  });

const sessionOf = (base: string, stream: string): Html =>
  stream.startsWith('tokenFamily-') ? familyLink(base, idOf(stream)) : nothing;

const subjectOf = (base: string, { stream, data }: LoggedEvent): Html => {
  if (stream.startsWith('user-')) return userLink(base, idOf(stream));
  if (!stream.startsWith('tokenFamily-')) return html`<span class="id">${idOf(stream)}</span>`;
  const user = typeof data.userId === 'string' ? userLink(base, data.userId) : nothing;
  return html`${user} session ${sessionOf(base, stream)}`;
};

const actorOf = (base: string, { actor }: LoggedEvent): Html =>
  actor.startsWith('user_')
    ? userLink(base, actor)
    : html`<span class="id">${readable(actor)}</span>`;

/** The members of an event that no other column shows. */
const detailsOf = ({ data }: LoggedEvent): string =>
  Object.entries(data)
    .filter(([member, value]) => member !== 'userId' && typeof value !== 'object')
    .filter(([member]) => !/At$/.test(member))
    .map(([member, value]) => `${wordsOf(member).toLowerCase()}: ${readable(String(value))}`)
    .join(', ');

/** Renders events of any type, latest first; those of one user without the column of the user. */
export const eventTable = (
  base: string,
  events: readonly LoggedEvent[],
  { label, ofOneUser = false }: Readonly<{ label: string; ofOneUser?: boolean }>,
): Html =>
  auditTable({
    label,
    columns: ['When', 'Event', ofOneUser ? 'Session' : 'Subject', 'Details', 'Actor'],
    rows: events.map((event) => ({
      mark: event.type === 'TokenTheftDetected' ? 'alarm' : undefined,
      cells: [
        shownTime(event.occurredAt),
        eventName(event.type),
        ofOneUser ? sessionOf(base, event.stream) : subjectOf(base, event),
        detailsOf(event),
        actorOf(base, event),
      ],
    })),
  });
