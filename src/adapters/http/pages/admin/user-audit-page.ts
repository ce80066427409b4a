import type { AdministeredUser } from '../../../../application/administration/user-administration-directory.ts';
import type { SessionSummary } from '../../../../application/sessions/session-directory.ts';
import type { EventList } from './audit-pages.ts';
import { eventTable, familyLink } from './event-tables.ts';
import { layOutAdminPage, type Visit } from './parts/admin-layout.ts';
import { auditTable, olderLink } from './parts/audit-table.ts';
import { type Html, html, quoted, readable } from './parts/html.ts';
import { shownTime } from './parts/shown-values.ts';

type Facts = Readonly<{
  userId: string;
  /** The account; undefined if it was erased or never existed. */
  user: AdministeredUser | undefined;
  sessions: readonly SessionSummary[];
  events: EventList;
}>;

const text = (value: string | null): Html | string => (value === null ? '–' : quoted(value));

const sessionTable = (base: string, sessions: readonly SessionSummary[]): Html =>
  auditTable({
    label: 'Live sessions',
    columns: ['Session', 'Signed in', 'Last used', 'Address', 'Device'],
    rows: sessions.map(({ id, createdAt, lastUsedAt, ip, userAgent, deviceName }) => ({
      cells: [
        familyLink(base, id),
        shownTime(createdAt),
        shownTime(lastUsedAt),
        text(ip),
        text(deviceName ?? userAgent),
      ],
    })),
  });

const accountOf = (user: AdministeredUser): Html => html`<dl class="facts card">
<div><dt>Id</dt><dd class="id">${user.id}</dd></div>
<div><dt>E-mail address</dt><dd>${text(user.email ?? user.pendingEmail)}${user.emailVerified ? '' : ' (not verified)'}</dd></div>
<div><dt>Username</dt><dd>${text(user.username)}</dd></div>
<div><dt>Role, tier</dt><dd>${user.role}, ${user.tier}</dd></div>
<div><dt>Account status</dt><dd>${user.active ? 'active' : 'deactivated'}</dd></div>
<div><dt>Created</dt><dd>${shownTime(user.createdAt)}</dd></div>
</dl>`;

const noAccount = html`<p class="notice plain">This account no longer exists. Its name and e-mail address were erased with it.</p>`;

/** Renders one account with its live sessions and its events. */
export const userAuditPage = (visit: Visit, { userId, user, sessions, events }: Facts): string =>
  layOutAdminPage(visit, {
    title: `User ${readable(user?.displayName ?? user?.username ?? userId)}`,
    main: html`${user === undefined ? noAccount : accountOf(user)}
<h2>Live sessions</h2>
${sessions.length === 0 ? html`<p class="notice plain">This account has no live sessions.</p>` : sessionTable(visit.base, sessions)}
<h2>Events</h2>
${eventTable(visit.base, events.events, { label: 'Events', ofOneUser: true })}
${olderLink(events.nextCursor)}`,
  });
