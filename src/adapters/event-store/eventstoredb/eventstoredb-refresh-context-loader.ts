import { streamName } from '../../../application/kernel/event-store.ts';
import type { RefreshContextLoader } from '../../../application/sessions/refresh-context-loader.ts';
import type { TokenFamilyEvent } from '../../../domain/token-family/token-family-events.ts';
import type { TokenFamilyState } from '../../../domain/token-family/token-family-state.ts';
import type { Database } from '../../postgres/connection/connection.ts';
import { type PrincipalRow, toPrincipal } from '../../postgres/identity/principal-row.ts';
import { refreshContextStatement } from '../postgres/refresh-context-statement.ts';
import type { EventStoreDbEventStore } from './eventstoredb-event-store.ts';
import { type ProjectedHeadRow, projectedHeadColumns } from './reading/eventstoredb-stream-read.ts';

type Dependencies = Readonly<{
  database: Database;
  historyOf: EventStoreDbEventStore['historyOf'];
  snapshotVersion: number;
}>;

type Row = ProjectedHeadRow & (PrincipalRow | { [Column in keyof PrincipalRow]: null });

const READ_REFRESH_CONTEXT = refreshContextStatement(projectedHeadColumns('$2::integer'));

/**
 * Loads a refresh's data: the family's last event from EventStoreDB, all else from the database in
 * parallel.
 */
export const createEventStoreDbRefreshContextLoader =
  ({ database, historyOf, snapshotVersion }: Dependencies): RefreshContextLoader =>
  async (familyId) => {
    const stream = { category: 'tokenFamily', id: familyId } as const;
    const reading = database
      .query<Row>({
        ...READ_REFRESH_CONTEXT,
        values: [streamName(stream), snapshotVersion, familyId],
      })
      .then(([row]) => row);
    const family = await historyOf<TokenFamilyEvent, TokenFamilyState>(stream, reading);
    const row = await reading;
    return {
      family,
      principal: row === undefined || row.user_id === null ? undefined : toPrincipal(row),
    };
  };
