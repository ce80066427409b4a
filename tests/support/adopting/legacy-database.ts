import pg from 'pg';
import { type DumpFile, readDump } from '../dumps/dump-files.ts';
import { type LargeDump, largeDumpStatements } from '../dumps/large-dump.ts';

type Target = Readonly<{ connectionString: string }>;

const withClient = async (
  { connectionString }: Target,
  work: (client: pg.Client) => Promise<void>,
): Promise<void> => {
  const client = new pg.Client({ connectionString });
  await client.connect();
  try {
    await work(client);
  } finally {
    await client.end();
  }
};

/** Runs a dump as psql does; its settings end with the connection. */
export const loadDump = (database: Target, file: DumpFile): Promise<void> =>
  withClient(database, async (client) => void (await client.query(readDump(file))));

export const loadLargeDump = (database: Target, size: LargeDump): Promise<void> =>
  withClient(database, async (client) => {
    for (const statement of largeDumpStatements(size)) await client.query(statement);
  });
