import type { ProjectedTable } from '../../application/projections/projected-tables.ts';
import type { Columns, ProjectedEvent } from '../../application/projections/row-change.ts';
import type { Session } from '../postgres/connection/connection.ts';
import { toCopyText } from '../postgres/connection/copy-text.ts';
import { stagingName } from './staging-rows.ts';

const BATCH = 10_000;
const TABLE = 'rebuilt_erased_subjects';

/**
 * Collects the erased users and deleted households of one run. Rows that depend on an erased user
 * were deleted with it, and later events of other streams cannot bring them back. For one session.
 */
export const createErasedSubjects = (connection: Session) => {
  let ids: string[] = [];
  let isThere = false;
  let someAreUsers = false;

  const write = async (): Promise<void> => {
    if (ids.length === 0) return;
    const text = `CREATE TEMPORARY TABLE ${TABLE} (subject_id text)`;
    if (!isThere) await connection.query({ text });
    isThere = true;
    const rows = ids.map((id) => ({ subject_id: id }));
    ids = [];
    await connection.copyIn(`COPY ${TABLE} FROM STDIN`, toCopyText(rows, ['subject_id']));
  };

  return {
    note: async (events: readonly ProjectedEvent[]): Promise<void> => {
      for (const { stream, event } of events) {
        const isUser = event.type === 'UserErased';
        if (!isUser && event.type !== 'HouseholdDeleted') continue;
        someAreUsers ||= isUser;
        ids.push(stream.id);
      }
      if (ids.length >= BATCH) await write();
    },

    /**
     * Deletes the rows of erased users from the staging tables.
     * @param onRemoved gets their keys, table by table
     */
    removeFrom: async (
      tables: readonly ProjectedTable[],
      onRemoved: (table: string, keys: readonly Columns[]) => Promise<void>,
    ): Promise<void> => {
      await write();
      for (const { name, key, deletedWith } of someAreUsers ? tables : []) {
        if (deletedWith === null) continue;
        const keys = await connection.query<Columns>({
          text: `DELETE FROM ${stagingName({ name })}
            WHERE ${deletedWith} IN (SELECT subject_id FROM ${TABLE}) RETURNING ${key}`,
        });
        await onRemoved(name, keys);
      }
    },

    /** Deletes keys again that a restored backup brought back. */
    removeKeys: async (): Promise<void> => {
      if (!isThere) return;
      await connection.query({
        text: `DELETE FROM subject_keys WHERE subject_id IN (SELECT subject_id FROM ${TABLE})`,
      });
    },
  };
};
