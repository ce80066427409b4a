import type { ProjectedTable } from '../../application/projections/projected-tables.ts';
import type { Columns, ProjectedEvent } from '../../application/projections/row-change.ts';
import type { Session } from '../postgres/connection.ts';
import { toCopyText } from '../postgres/copy-text.ts';
import { shadowName } from './shadow-rows.ts';

const BATCH = 10_000;
const TABLE = 'rebuilt_erased_users';

/**
 * Who was erased, as one run meets them. What hangs on them went with their row, and nothing can hang on
 * them again, whatever their streams hold after that.
 */
export const createErasedUsers = (connection: Session) => {
  let ids: string[] = [];
  let isThere = false;

  const write = async (): Promise<void> => {
    if (ids.length === 0) return;
    if (!isThere)
      await connection.query({ text: `CREATE TEMPORARY TABLE ${TABLE} (user_id text)` });
    isThere = true;
    const rows = ids.map((user_id) => ({ user_id }));
    ids = [];
    await connection.copyIn(`COPY ${TABLE} FROM STDIN`, toCopyText(rows, ['user_id']));
  };

  return {
    note: async (events: readonly ProjectedEvent[]): Promise<void> => {
      for (const { stream, event } of events) {
        if (event.type === 'UserErased') ids.push(stream.id);
      }
      if (ids.length >= BATCH) await write();
    },

    /** @param onRemoved told the keys of what was there of them, table by table */
    removeFrom: async (
      tables: readonly ProjectedTable[],
      onRemoved: (table: string, keys: readonly Columns[]) => Promise<void>,
    ): Promise<void> => {
      await write();
      if (!isThere) return;
      for (const table of tables) {
        if (table.goesWith === null) continue;
        const keys = await connection.query<Columns>({
          text: `DELETE FROM ${shadowName(table)}
            WHERE ${table.goesWith} IN (SELECT user_id FROM ${TABLE}) RETURNING ${table.key}`,
        });
        await onRemoved(table.name, keys);
      }
    },

    /** A backup that was restored may have brought them back. */
    removeKeys: async (): Promise<void> => {
      if (!isThere) return;
      await connection.query({
        text: `DELETE FROM subject_keys WHERE subject_id IN (SELECT user_id FROM ${TABLE})`,
      });
    },
  };
};
