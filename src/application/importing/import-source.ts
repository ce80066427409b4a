/** The reason why a line has no readable text. */
export type UnreadableLine = 'line_too_long' | 'not_utf8';

/** A line. `number` counts from 1; `end` is the offset in bytes after the line. */
export type ImportLine = Readonly<
  { number: number; end: number } & ({ text: string } | { unreadable: UnreadableLine })
>;

/** A file of accounts, one JSON object per line. It is read twice and must not change meanwhile. */
export type ImportSource = Readonly<{
  /** The name in the provenance of the accounts. */
  name: string;
  bytes: number;
  /** Reads the file from its start, without empty lines. */
  lines(): AsyncIterable<ImportLine>;
}>;
