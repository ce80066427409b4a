import type { LoggedEvent } from '../../../../application/auditing/event-directory.ts';
import { eventTable, theftTable } from './event-tables.ts';
import { layOutAdminPage, type Visit } from './parts/admin-layout.ts';
import { adminPaths } from './parts/admin-paths.ts';
import { olderLink } from './parts/audit-table.ts';
import { type Html, html } from './parts/html.ts';

/** One page of a list of events; `nextCursor` is null on the last page. */
export type EventList = Readonly<{ events: readonly LoggedEvent[]; nextCursor: string | null }>;

const noThefts = html`<p class="notice">No theft is on record.</p>`;

type Overview = Readonly<{ thefts: EventList; events: EventList }>;

/** Renders the latest thefts, and below them the other recent security events. */
export const auditOverviewPage = (visit: Visit, { thefts, events }: Overview): string => {
  const { base } = visit;
  const all =
    thefts.nextCursor === null
      ? []
      : [html`<p><a href="${base}${adminPaths.thefts}">All thefts</a></p>`];
  const list = (): readonly Html[] => [theftTable(base, thefts.events), ...all];
  return layOutAdminPage(visit, {
    title: 'Audit',
    main: html`<p class="muted">Times are UTC.</p>
<h2>Thefts of refresh tokens</h2>
${thefts.events.length === 0 ? noThefts : list()}
<h2>Recent security events</h2>
${events.events.length === 0 ? html`<p class="notice plain">No security events yet.</p>` : eventTable(base, events.events, { label: 'Recent security events' })}
${olderLink(events.nextCursor)}`,
  });
};

/** Renders one page of all recorded thefts. */
export const theftsPage = (visit: Visit, { events, nextCursor }: EventList): string =>
  layOutAdminPage(visit, {
    title: 'Thefts of refresh tokens',
    main: html`<p class="muted">Latest first. Times are UTC.</p>
${events.length === 0 ? noThefts : theftTable(visit.base, events)}
${olderLink(nextCursor)}`,
  });
