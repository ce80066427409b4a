import { streamName } from '../../../application/kernel/event-store.ts';
import type { RefreshContextLoader } from '../../../application/sessions/refresh-context-loader.ts';
import type { TokenFamilyEvent } from '../../../domain/token-family/token-family-events.ts';
import type { TokenFamilyState } from '../../../domain/token-family/token-family-state.ts';
import type { Database } from '../../postgres/connection/connection.ts';
import { type PrincipalRow, toPrincipal } from '../../postgres/identity/principal-row.ts';
import type { EventCodec } from '../event-codec.ts';
import { type StreamRow, streamColumns, toHistory } from './postgres-stream-read.ts';
import { refreshContextStatement } from './refresh-context-statement.ts';

type Dependencies = Readonly<{ database: Database; codec: EventCodec; snapshotVersion: number }>;

type Row = StreamRow & (PrincipalRow | { [Column in keyof PrincipalRow]: null });

const READ_REFRESH_CONTEXT = refreshContextStatement(streamColumns('$2::integer'));

/**
 * Loads everything that a refresh reads in one statement: the family's snapshot and its user's row.
 */
export const createPostgresRefreshContextLoader =
  ({ database, codec, snapshotVersion }: Dependencies): RefreshContextLoader =>
  async (familyId) => {
    const stream = { category: 'tokenFamily', id: familyId } as const;
    const [row] = await database.query<Row>({
      ...READ_REFRESH_CONTEXT,
      values: [streamName(stream), snapshotVersion, familyId],
    });
    return {
      family: toHistory<TokenFamilyEvent, TokenFamilyState>(codec, stream, row),
      principal: row === undefined || row.user_id === null ? undefined : toPrincipal(row),
    };
  };
