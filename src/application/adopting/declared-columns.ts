import type { Field, TableDeclaration } from '../household-data/table-declaration.ts';
import type { AddedColumn, ColumnType } from './adoption-plan.ts';

/** The columns that each declared table needs, without its key and its household. */
export type DeclaredColumns = ReadonlyMap<string, readonly AddedColumn[]>;

const TYPES: Readonly<Record<Field['kind'], ColumnType>> = {
  text: 'text',
  oneOf: 'text',
  integer: 'bigint',
  date: 'date',
  instant: 'timestamptz',
  boolean: 'boolean',
  reference: 'text',
  member: 'text',
};

/** `filled`: a missing column gets a value in existing rows; otherwise it is empty there. */
export const declaredColumns = (declarations: readonly TableDeclaration[]): DeclaredColumns =>
  new Map(
    declarations.map(({ name, columns, fields }) => [
      name,
      [
        { column: 'user_id', to: 'text', filled: false },
        { column: 'created_at', to: 'timestamptz', filled: true },
        { column: 'updated_at', to: 'timestamptz', filled: true },
        ...Object.entries(fields).map(([field, { kind, required }]) => ({
          column: columns[field] ?? field,
          to: TYPES[kind],
          filled: required === true || kind === 'boolean',
        })),
      ],
    ]),
  );
