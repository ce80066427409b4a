import pg from 'pg';

/** Quotes a name for SQL. */
export const quoted: (name: string) => string = pg.escapeIdentifier;

export const quotedList = (names: readonly string[]): string =>
  names.map((name) => quoted(name)).join(', ');

/** Quotes a text for SQL. */
export const literal: (text: string) => string = pg.escapeLiteral;

/** The name of a new column until it replaces the old one. */
export const successor = (column: string): string => `latchkey_${column}`.slice(0, 63);

/** The column with a row's original place in the table's file: page * 65536 + offset. */
export const ORDINAL = 'latchkey_ordinal';

export const PLACE = `((ctid::text::point)[0]::bigint * 65536 + (ctid::text::point)[1]::bigint)`;
