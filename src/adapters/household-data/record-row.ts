import type { Knex } from 'knex';
import type {
  FieldValue,
  HouseholdRecord,
} from '../../application/household-data/household-scope.ts';
import type {
  Field,
  TableDeclaration,
} from '../../application/household-data/table-declaration.ts';
import { queryBuilder as knex } from '../postgres/connection/knex-query.ts';

/** A row as the connection returns it: 64-bit integers are text. */
export type RecordRow = Readonly<Record<string, FieldValue>> & Readonly<{ id: string }>;

/** The columns of a record. Dates are read as text, as a `Date` would depend on the time zone. */
export const recordColumns = ({ columns, fields }: TableDeclaration): (string | Knex.Raw)[] =>
  Object.entries(columns).map(([field, column]) =>
    fields[field]?.kind === 'date'
      ? knex.raw("to_char(??, 'YYYY-MM-DD') AS ??", [column, column])
      : column,
  );

const toValue = (field: Field | undefined, value: FieldValue): FieldValue => {
  if (field?.kind === 'integer' && value !== null) return Number(value);
  // An adopted table may have nulls.
  return field?.kind === 'boolean' ? (value ?? field.default) : value;
};

export const toRecord = (
  { columns, fields }: TableDeclaration,
  row: RecordRow,
): HouseholdRecord => ({
  ...Object.fromEntries(
    Object.entries(columns).map(([field, column]) => [
      field,
      toValue(fields[field], row[column] ?? null),
    ]),
  ),
  id: row.id,
});
