/** The streams of a command: results go to `out`, messages and progress to `err`. */
export type Output = Readonly<{
  out(text: string): void;
  err(text: string): void;
  /** Whether `err` is a terminal. */
  isTerminal: boolean;
}>;

/** Drops the rest of the output when the reader has closed the pipe, as in `latchkey … | head`. */
const ignoreClosedPipe = (error: NodeJS.ErrnoException): void => {
  if (error.code !== 'EPIPE') throw error;
};
process.stdout.on('error', ignoreClosedPipe);
process.stderr.on('error', ignoreClosedPipe);

export const processOutput: Output = {
  out: (text) => void process.stdout.write(`${text}\n`),
  err: (text) => void process.stderr.write(`${text}\n`),
  isTerminal: process.stderr.isTTY === true,
};

export const printJson = ({ out }: Output, value: unknown): void =>
  out(JSON.stringify(value, null, 2));

/** Formats rows under a heading; a column is as wide as its widest cell. */
export const formatTable = (rows: readonly (readonly string[])[]): string => {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => (row[column] ?? '').length)),
  );
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
};
