import type { TableDeclaration } from '../../application/household-data/table-declaration.ts';
import type { Database } from '../postgres/connection/connection.ts';
import { columnProblems, otherProblems, roleProblems, tableProblems } from './isolation-queries.ts';

/** Whether the database keeps households apart by itself. @returns what it lacks, in words */
export type CheckIsolation = () => Promise<readonly string[]>;

export const createIsolationCheck =
  (database: Database, tables: readonly TableDeclaration[]): CheckIsolation =>
  async () => {
    const names = tables.map(({ name }) => name);
    const columns = tables.flatMap(({ name, columns }) =>
      Object.values(columns).map((column) => ({ name, column })),
    );
    const look = async (text: string, ...values: unknown[]): Promise<readonly string[]> => {
      const found = await database.query<{ problem: string }>({ text, values });
      return found.map(({ problem }) => problem);
    };
    const role = await look(roleProblems);
    // Without the role there is nothing to ask about its rights.
    if (role.length > 0) return role;
    return [
      ...(await look(tableProblems, names)),
      ...(await look(
        columnProblems,
        columns.map(({ name }) => name),
        columns.map(({ column }) => column),
      )),
      ...(await look(otherProblems, names)),
    ];
  };
