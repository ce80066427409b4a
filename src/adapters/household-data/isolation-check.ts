import type { TableDeclaration } from '../../application/household-data/table-declaration.ts';
import type { Database } from '../postgres/connection/connection.ts';
import { columnProblems, otherProblems, roleProblems, tableProblems } from './isolation-queries.ts';

/**
 * Checks whether the database isolates households.
 * @returns the problems, as sentences for the operator
 */
export type CheckIsolation = () => Promise<readonly string[]>;

export const createIsolationCheck =
  (database: Database, tables: readonly TableDeclaration[]): CheckIsolation =>
  async () => {
    const names = tables.map(({ name }) => name);
    const columns = tables.flatMap(({ name, columns }) =>
      Object.values(columns).map((column) => ({ name, column })),
    );
    const find = async (text: string, ...values: unknown[]): Promise<readonly string[]> => {
      const found = await database.query<{ problem: string }>({ text, values });
      return found.map(({ problem }) => problem);
    };
    const role = await find(roleProblems);
    // Without a sound role, its privileges cannot be checked.
    if (role.length > 0) return role;
    return [
      ...(await find(tableProblems, names)),
      ...(await find(
        columnProblems,
        columns.map(({ name }) => name),
        columns.map(({ column }) => column),
      )),
      ...(await find(otherProblems, names)),
    ];
  };
