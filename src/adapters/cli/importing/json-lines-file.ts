import { createReadStream } from 'node:fs';
import { access, constants, stat } from 'node:fs/promises';
import path from 'node:path';
import type { ImportLine, ImportSource } from '../../../application/importing/import-source.ts';
import { UsageError } from '../output/usage-error.ts';

/** Without its line feed. */
const MAX_LINE_BYTES = 65_536;

const LINE_FEED = 0x0a;
const BYTE_ORDER_MARK = '\ufeff';

/** The bytes of a line, undefined if too many; `end` is its offset from the start of the file. */
type RawLine = Readonly<{ bytes: Buffer | undefined; end: number }>;

/** Splits a stream into lines and holds at most MAX_LINE_BYTES of one. */
async function* splitLines(chunks: AsyncIterable<Buffer>): AsyncGenerator<RawLine> {
  let parts: Buffer[] = [];
  let length = 0;
  let end = 0;
  const take = (part: Buffer): void => {
    length += part.length;
    end += part.length;
    if (length <= MAX_LINE_BYTES) parts.push(part);
    else parts = [];
  };
  const finish = (): RawLine => {
    const bytes = length <= MAX_LINE_BYTES ? Buffer.concat(parts) : undefined;
    parts = [];
    length = 0;
    return { bytes, end };
  };
  for await (const chunk of chunks) {
    let start = 0;
    for (;;) {
      const feed = chunk.indexOf(LINE_FEED, start);
      if (feed === -1) break;
      take(chunk.subarray(start, feed));
      end += 1;
      start = feed + 1;
      yield finish();
    }
    take(chunk.subarray(start));
  }
  if (length > 0) yield finish();
}

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

const decode = (bytes: Buffer): string | undefined => {
  try {
    return decoder.decode(bytes);
  } catch {
    return undefined;
  }
};

const readLine = (
  bytes: Buffer | undefined,
  place: Pick<ImportLine, 'number' | 'end'>,
): ImportLine => {
  if (bytes === undefined) return { ...place, unreadable: 'line_too_long' };
  const text = decode(bytes)?.replace(/\r$/, '');
  if (text === undefined) return { ...place, unreadable: 'not_utf8' };
  const marked = place.number === 1 && text.startsWith(BYTE_ORDER_MARK);
  return { ...place, text: marked ? text.slice(1) : text };
};

async function* readLines(file: string): AsyncGenerator<ImportLine> {
  let number = 0;
  for await (const { bytes, end } of splitLines(createReadStream(file))) {
    number += 1;
    const line = readLine(bytes, { number, end });
    if ('unreadable' in line || line.text.trim() !== '') yield line;
  }
}

/**
 * Opens a UTF-8 file with one JSON object per line. Accepts a byte order mark, CRLF, empty lines and
 * a missing last line feed.
 * @throws UsageError when the file cannot be read, or is not one that can be read twice
 */
export const openJsonLines = async (file: string): Promise<ImportSource> => {
  const found = await access(file, constants.R_OK)
    .then(() => stat(file))
    .catch(() => undefined);
  if (found?.isFile() !== true) throw new UsageError(`The file ${file} cannot be read.`);
  return { name: path.basename(file), bytes: found.size, lines: () => readLines(file) };
};
