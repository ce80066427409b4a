/** The reason why a line has no readable text. */
export type UnreadableLine = 'line_too_long' | 'not_utf8';

/** `number` counts from 1, `end` in bytes from the file's start to after the line. */
export type ImportLine = Readonly<
  { number: number; end: number } & ({ text: string } | { unreadable: UnreadableLine })
>;

/** A file of accounts, one JSON object a line. Read twice: it must not change meanwhile. */
export type ImportSource = Readonly<{
  /** The name of the source in the accounts' provenance. */
  name: string;
  bytes: number;
  /** Reads from the start each time; empty lines are left out. */
  lines(): AsyncIterable<ImportLine>;
}>;
