import type { AuditDirectory } from '../auditing/audit-directory.ts';
import type { HouseholdRecord, HouseholdScope } from '../household-data/household-scope.ts';
import type { TableDeclaration } from '../household-data/table-declaration.ts';
import type { HouseholdDirectory, HouseholdSummary } from '../households/household-directory.ts';
import type { UserDirectory, UserProfile } from '../identity/user-directory.ts';
import type { Clock } from '../kernel/clock.ts';
import { ApplicationError } from '../kernel/errors.ts';
import {
  type EventStore,
  type RecordedEvent,
  type StreamId,
  streamName,
} from '../kernel/event-store.ts';
import type { SessionDirectory, SessionSummary } from '../sessions/session-directory.ts';
import { exportedEventData } from './exported-event-data.ts';

type Dependencies = Readonly<{
  users: UserDirectory;
  sessions: SessionDirectory;
  households: HouseholdDirectory;
  log: Pick<AuditDirectory, 'familiesOf' | 'householdsOf'>;
  eventStore: Pick<EventStore, 'readStream'>;
  inHousehold: HouseholdScope;
  tables: readonly TableDeclaration[];
  clock: Clock;
}>;

type ExportedEvent = Readonly<{
  stream: string;
  revision: string;
  type: string;
  occurredAt: string;
  actor: string;
  data: Readonly<Record<string, unknown>>;
}>;

/** All data about a user. `records`: rows that the user created, by household and table. */
export type AccountExport = Readonly<{
  exportedAt: string;
  user: UserProfile;
  sessions: readonly SessionSummary[];
  households: readonly HouseholdSummary[];
  records: readonly Readonly<{
    householdId: string;
    table: string;
    rows: readonly HouseholdRecord[];
  }>[];
  events: readonly ExportedEvent[];
}>;

const PAGE = 500;

const toExported = ({ stream, revision, event, metadata }: RecordedEvent): ExportedEvent => ({
  stream: streamName(stream),
  revision: String(revision),
  type: event.type,
  occurredAt: metadata.occurredAt,
  actor: metadata.actor,
  data: exportedEventData(event.data),
});

/** Selects the events of a household's stream that concern the user. */
const concerns =
  (userId: string) =>
  ({ event: { data }, metadata }: RecordedEvent): boolean =>
    metadata.actor === userId || Object.values(data).includes(userId);

export type ExportAccount = ReturnType<typeof createExportAccount>;

/**
 * Exports all data about a user.
 * @throws ApplicationError `access_token_invalid` for an ended session
 */
export const createExportAccount = ({
  users,
  sessions,
  households,
  log,
  eventStore,
  inHousehold,
  tables,
  clock,
}: Dependencies) => {
  const eventsIn = async (stream: StreamId) => (await eventStore.readStream(stream)).events;

  const eventsOf = async (userId: string): Promise<readonly RecordedEvent[]> => {
    const events = [...(await eventsIn({ category: 'user', id: userId }))];
    for (const id of await log.familiesOf(userId)) {
      events.push(...(await eventsIn({ category: 'tokenFamily', id })));
    }
    for (const id of await log.householdsOf(userId)) {
      const all = await eventsIn({ category: 'household', id });
      events.push(...all.filter(concerns(userId)));
    }
    return events.toSorted((a, b) => (a.metadata.occurredAt < b.metadata.occurredAt ? -1 : 1));
  };

  const rowsOf = (userId: string, householdId: string, table: TableDeclaration) =>
    inHousehold({ userId, householdId }, async (_role, records) => {
      const rows: HouseholdRecord[] = [];
      for (let after: Parameters<typeof records.list>[1]['after']; ; ) {
        const page = await records.list(table, { filter: { userId }, after, limit: PAGE });
        rows.push(...page.records);
        if (page.next === undefined) return rows;
        after = page.next;
      }
    });

  const recordsOf = async (userId: string, of: readonly HouseholdSummary[]) => {
    const records: AccountExport['records'][number][] = [];
    for (const { id: householdId } of of) {
      for (const table of tables.filter(({ filters }) => filters.equal.includes('userId'))) {
        const rows = await rowsOf(userId, householdId, table);
        if (rows.length > 0) records.push({ householdId, table: table.name, rows });
      }
    }
    return records;
  };

  return async (userId: string, sessionId: string): Promise<AccountExport> => {
    const exportedAt = clock.now();
    const user = await users.findProfile(userId);
    const unrevoked = await sessions.unrevokedFamilyIds(userId);
    if (user?.active !== true || !unrevoked.includes(sessionId)) {
      throw new ApplicationError('access_token_invalid');
    }
    const memberships = await households.listOf(userId);
    return {
      exportedAt,
      user,
      sessions: await sessions.listLive(userId, exportedAt),
      households: memberships,
      records: await recordsOf(userId, memberships),
      events: (await eventsOf(userId)).map(toExported),
    };
  };
};
