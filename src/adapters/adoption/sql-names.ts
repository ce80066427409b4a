/** A name as SQL takes it, whatever it holds. */
export const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;

export const quotedList = (names: readonly string[]): string => names.map(quoted).join(', ');

/** Text as SQL takes it. */
export const literal = (text: string): string =>
  text.includes('\\')
    ? ` E'${text.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`
    : `'${text.replaceAll("'", "''")}'`;

/** What a column is called while it is filled, before it takes over. */
export const successor = (column: string): string => `latchkey_${column}`.slice(0, 63);

/** A row's place before anything was written: page * 65536 + offset. */
export const ORDINAL = 'latchkey_ordinal';

export const PLACE = `((ctid::text::point)[0]::bigint * 65536 + (ctid::text::point)[1]::bigint)`;
