import type { ProjectedTable } from '../../application/projections/projected-tables.ts';
import type { Columns } from '../../application/projections/row-change.ts';
import type { TouchedRows } from '../../application/projections/table-fold.ts';
import type { Session } from '../postgres/connection/connection.ts';
import { toCopyText } from '../postgres/connection/copy-text.ts';
import { keysAsJson, sameKey, stagingName } from './staging-rows.ts';

const BATCH = 5_000;
/** The number of rows from which an index and statistics pay off. */
const LARGE = 1_000;

const inBatches = <Item>(items: readonly Item[]): readonly (readonly Item[])[] =>
  Array.from({ length: Math.ceil(items.length / BATCH) }, (_, n) =>
    items.slice(n * BATCH, (n + 1) * BATCH),
  );

const byColumns = (addresses: readonly Columns[]): ReadonlyMap<string, readonly Columns[]> => {
  const groups = new Map<string, Columns[]>();
  for (const address of addresses) {
    const names = Object.keys(address).sort().join();
    const group = groups.get(names);
    if (group === undefined) groups.set(names, [address]);
    else group.push(address);
  }
  return groups;
};

export type StagingTable = ReturnType<typeof createStagingTable>;

/**
 * A temporary staging table with the rows of a projected table that the log yields. For one
 * session.
 */
export const createStagingTable = (connection: Session, table: ProjectedTable) => {
  const { key, lookups, columns } = table;
  const staging = stagingName(table);
  // An upper bound, as some rows are written more than once.
  let rows = 0;
  const run = (text: string, values: readonly unknown[] = []) => connection.query({ text, values });

  const removeKeys = async (keys: readonly Columns[]): Promise<void> => {
    for (const batch of inBatches(keys)) {
      await run(
        `DELETE FROM ${staging} AS s USING jsonb_populate_recordset(NULL::${staging}, $1) AS r
         WHERE ${sameKey(key, 's', 'r')}`,
        [keysAsJson(key, batch)],
      );
    }
  };

  const copyIn = (written: readonly Columns[]) =>
    connection.copyIn(`COPY ${staging} (${columns}) FROM STDIN`, toCopyText(written, columns));

  const isLarge = () => rows >= LARGE;

  return {
    write: async ({ written, removed }: TouchedRows): Promise<void> => {
      if (rows > 0) await removeKeys([...removed, ...written]);
      if (written.length === 0) return;
      await copyIn(written);
      const wasLarge = isLarge();
      rows += written.length;
      // An index on existing rows is cheaper to build.
      if (!wasLarge && isLarge()) await run(`CREATE UNIQUE INDEX ON ${staging} (${key})`);
    },

    /** To be called before rows are read back or compared. */
    prepareReading: async (): Promise<void> => {
      if (!isLarge()) return;
      for (const lookup of lookups) {
        await run(
          `CREATE INDEX IF NOT EXISTS ${staging}_${lookup.join('_')} ON ${staging} (${lookup})`,
        );
      }
      await run(`ANALYZE ${staging}`);
    },

    /** Reads the rows at these addresses, which are keys or columns of a lookup. */
    read: async (addresses: readonly Columns[]): Promise<readonly Columns[]> => {
      const all: Columns[] = [];
      for (const [names, group] of byColumns(addresses)) {
        const asked = names.split(',');
        const wanted = columns.map((column) => `s.${column}`);
        const found = await connection.query<Columns>({
          text: `SELECT ${wanted} FROM jsonb_populate_recordset(NULL::${staging}, $1) AS r
            JOIN ${staging} AS s ON ${sameKey(asked, 's', 'r')}`,
          values: [JSON.stringify(group)],
        });
        all.push(...found);
      }
      return all;
    },
  };
};
