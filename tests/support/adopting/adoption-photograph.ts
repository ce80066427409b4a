import { createDatabase } from '../../../src/adapters/postgres/connection/connection.ts';
import { describeDatabase } from './database-contents.ts';
import { dumpWith, type PgDump } from './pg-dump.ts';

/** The contents of a database, also as pg_dump writes them if one fits the server. */
export type Photograph = Readonly<{
  lines: readonly string[];
  /** Undefined without a fitting pg_dump. */
  dump: string | undefined;
}>;

export const photograph = async (
  connectionString: string,
  pgDump?: PgDump,
): Promise<Photograph> => {
  const database = createDatabase({ connectionString, maxConnections: 1 });
  try {
    const dump = pgDump === undefined ? undefined : await dumpWith(pgDump, connectionString);
    return { lines: await describeDatabase(database), dump };
  } finally {
    await database.close();
  }
};
