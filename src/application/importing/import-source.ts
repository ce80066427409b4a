/** Why a line has no text that could be looked at. */
export type UnreadableLine = 'line_too_long' | 'not_utf8';

/** `number` counts from 1, `end` in bytes from the file's start to after the line. */
export type ImportLine = Readonly<
  { number: number; end: number } & ({ text: string } | { unreadable: UnreadableLine })
>;

/** A file of accounts, one JSON object a line. Read twice: it must not change meanwhile. */
export type ImportSource = Readonly<{
  /** What the accounts' provenance calls it. */
  name: string;
  bytes: number;
  /** From the start each time; without the lines that hold nothing. */
  lines(): AsyncIterable<ImportLine>;
}>;
