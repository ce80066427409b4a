/** Where a command writes: results to `out`, everything a program need not read to `err`. */
export type Output = Readonly<{
  out(text: string): void;
  err(text: string): void;
  /** Whether a person watches `err`. */
  isTerminal: boolean;
}>;

/** Whoever reads may have seen enough, as in `latchkey … | head`: what is left is written for nobody. */
const ignoreGoneReader = (error: NodeJS.ErrnoException): void => {
  if (error.code !== 'EPIPE') throw error;
};
process.stdout.on('error', ignoreGoneReader);
process.stderr.on('error', ignoreGoneReader);

export const processOutput: Output = {
  out: (text) => void process.stdout.write(`${text}\n`),
  err: (text) => void process.stderr.write(`${text}\n`),
  isTerminal: process.stderr.isTTY === true,
};

export const printJson = ({ out }: Output, value: unknown): void =>
  out(JSON.stringify(value, null, 2));

/** Rows under a heading, columns as wide as their widest cell. */
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
