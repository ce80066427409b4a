import type { Columns, ColumnValue } from '../../../application/projections/row-change.ts';

const SPECIAL = /[\\\n\r\t]/;
const ESCAPES: Readonly<Record<string, string>> = {
  '\\': '\\\\',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
};
const MEANINGS: Readonly<Record<string, string>> = {
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
};
const CHUNK = 65_536;

const toField = (value: ColumnValue | undefined): string => {
  if (value === null || value === undefined) return '\\N';
  const text = String(value);
  return SPECIAL.test(text)
    ? text.replace(/[\\\n\r\t]/g, (character) => ESCAPES[character] ?? '')
    : text;
};

const fromField = (field: string): string | null => {
  if (!field.includes('\\')) return field;
  if (field === '\\N') return null;
  return field.replace(/\\(.)/g, (_, character: string) => MEANINGS[character] ?? character);
};

/** Converts rows to the text that `COPY … FROM STDIN` reads, many lines per chunk. */
export function* toCopyText(rows: Iterable<Columns>, columns: readonly string[]): Iterable<string> {
  let text = '';
  for (const row of rows) {
    text += `${columns.map((column) => toField(row[column])).join('\t')}\n`;
    if (text.length < CHUNK) continue;
    yield text;
    text = '';
  }
  if (text !== '') yield text;
}

/** Parses the text of `COPY … TO STDOUT` and yields the rows of each chunk. */
export async function* fromCopyText(
  chunks: AsyncIterable<string>,
): AsyncIterable<readonly (readonly (string | null)[])[]> {
  let rest = '';
  for await (const chunk of chunks) {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    if (lines.length > 0) yield lines.map((line) => line.split('\t').map(fromField));
  }
}
