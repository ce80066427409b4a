import type { Knex } from 'knex';
import type {
  ActingMember,
  FieldValues,
  HouseholdRecords,
  RecordList,
} from '../../application/household-data/household-scope.ts';
import type { TableDeclaration } from '../../application/household-data/table-declaration.ts';
import { cutPage } from '../../application/kernel/cut-page.ts';
import type { Queryable } from '../postgres/connection/connection.ts';
import { queryBuilder as knex, runQuery } from '../postgres/connection/knex-query.ts';
import { runUnprepared } from '../postgres/connection/unprepared-query.ts';
import { type RecordRow, recordColumns, toRecord } from './record-row.ts';
import { refusalOfRemoval, refusalOfRow } from './refused-row.ts';

/** The creation time to the microsecond, by which rows are ordered. */
const PLACE = `to_char(created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS place`;

const columnValues = ({ columns }: TableDeclaration, values: FieldValues) =>
  Object.fromEntries(
    Object.entries(values).map(([field, value]) => [columns[field] ?? field, value]),
  );

const narrow = (
  query: Knex.QueryBuilder,
  { columns, filters }: TableDeclaration,
  filter: FieldValues,
): void => {
  for (const field of filters.equal) {
    const wanted = filter[field];
    if (wanted !== undefined) query.andWhere(columns[field] ?? field, wanted);
  }
  for (const [field, [from, to]] of Object.entries(filters.range ?? {})) {
    const [lowest, highest] = [filter[from], filter[to]];
    if (lowest !== undefined) query.andWhere(columns[field] ?? field, '>=', lowest);
    if (highest !== undefined) query.andWhere(columns[field] ?? field, '<=', highest);
  }
};

const listQuery = (
  table: TableDeclaration,
  householdId: string,
  { filter, after, limit }: RecordList,
) => {
  const query = knex(table.name)
    .select(recordColumns(table))
    .select(knex.raw(PLACE))
    .where({ household_id: householdId })
    .orderBy('created_at', 'desc')
    .orderBy('id', 'desc')
    .limit(limit + 1);
  narrow(query, table, filter);
  if (after !== undefined) {
    query.whereRaw('(created_at, id) < (?, ?)', [after.createdAt, after.id]);
  }
  return query;
};

/**
 * Reads and writes records of one household. The queries name the household for the indexes only;
 * the isolation requires that `connection` is inside of the household's scope.
 */
export const createKnexHouseholdRecords = (
  connection: Queryable,
  { householdId, userId }: ActingMember,
): HouseholdRecords => {
  const one = (table: TableDeclaration, id: string) =>
    knex(table.name).where({ household_id: householdId, id });

  return {
    list: async (table, list) => {
      const query = listQuery(table, householdId, list);
      const rows = await runUnprepared<RecordRow & { place: string }>(connection, query);
      const { items, last } = cutPage(rows, list.limit);
      return {
        records: items.map((row) => toRecord(table, row)),
        next: last && { createdAt: last.place, id: last.id },
      };
    },

    find: async (table, id) => {
      const query = one(table, id).select(recordColumns(table));
      const [row] = await runQuery<RecordRow>(connection, `find_in_${table.name}`, query);
      return row && toRecord(table, row);
    },

    create: async (table, { id, values, now }) => {
      const query = knex(table.name)
        .insert({
          id,
          household_id: householdId,
          user_id: userId,
          ...columnValues(table, values),
          created_at: now,
          updated_at: now,
        })
        .returning(recordColumns(table));
      const created = runUnprepared<RecordRow>(connection, query);
      const [row] = await created.catch(refusalOfRow(table));
      if (row === undefined) throw new TypeError('an insert returns its row');
      return toRecord(table, row);
    },

    update: async (table, { id, values, now }) => {
      const query = one(table, id)
        .update({ ...columnValues(table, values), updated_at: now })
        .returning(recordColumns(table));
      const [row] = await runUnprepared<RecordRow>(connection, query).catch(refusalOfRow(table));
      return row && toRecord(table, row);
    },

    remove: async (table, id) => {
      const query = one(table, id).delete().returning('id');
      const removed = runQuery<object>(connection, `remove_from_${table.name}`, query);
      return (await removed.catch(refusalOfRemoval)).length > 0;
    },
  };
};
