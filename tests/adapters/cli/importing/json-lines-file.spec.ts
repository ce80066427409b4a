import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openJsonLines } from '../../../../src/adapters/cli/importing/json-lines-file.ts';
import { UsageError } from '../../../../src/adapters/cli/output/usage-error.ts';
import type { ImportLine } from '../../../../src/application/importing/import-source.ts';

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'latchkey-lines-'));
  file = path.join(folder, 'users.jsonl');
});
afterEach(() => rmSync(folder, { recursive: true }));

const read = async (content: string | Buffer): Promise<readonly ImportLine[]> => {
  writeFileSync(file, content);
  const lines: ImportLine[] = [];
  for await (const line of (await openJsonLines(file)).lines()) lines.push(line);
  return lines;
};

describe('a JSON lines file', () => {
  it('has a name without its folder, and a size', async () => {
    writeFileSync(file, '{}\n');
    expect(await openJsonLines(file)).toMatchObject({ name: 'users.jsonl', bytes: 3 });
  });

  it('is read line by line, from the start each time', async () => {
    writeFileSync(file, 'a\nb\n');
    const { lines } = await openJsonLines(file);
    for (const _ of [1, 2]) {
      const texts = [];
      for await (const line of lines()) texts.push(line);
      expect(texts).toStrictEqual([
        { number: 1, end: 2, text: 'a' },
        { number: 2, end: 4, text: 'b' },
      ]);
    }
  });

  it('may lack its last line feed, and have CRLF line endings and a byte order mark', async () =>
    expect(await read('\ufeffa\r\nb\r\n\ufeffc')).toStrictEqual([
      { number: 1, end: 6, text: 'a' },
      { number: 2, end: 9, text: 'b' },
      { number: 3, end: 13, text: '\ufeffc' },
    ]));

  it('counts empty lines but does not yield them', async () =>
    expect(await read('\n\r\n  \na\n\n\t\nb\n\n')).toMatchObject([
      { number: 4, text: 'a' },
      { number: 7, text: 'b' },
    ]));

  it.each(['', '\n', '\ufeff'])('may be empty: %j', async (content) =>
    expect(await read(content)).toStrictEqual([]),
  );

  it('keeps characters whole that are split between two reads', async () => {
    const line = '€'.repeat(20_000);
    expect(await read(`x${line}\n${line}\n`)).toMatchObject([
      { number: 1, text: `x${line}` },
      { number: 2, text: line },
    ]);
  });
});

describe('an unreadable line', () => {
  it('is one that is longer than the limit, wherever its end lies', async () => {
    const longest = 'x'.repeat(65_536);
    expect(
      await read(`${longest}\n${longest}x\na\n${longest}${longest}\nb\n${longest}y`),
    ).toStrictEqual([
      { number: 1, end: 65_537, text: longest },
      { number: 2, end: 131_075, unreadable: 'line_too_long' },
      { number: 3, end: 131_077, text: 'a' },
      { number: 4, end: 262_150, unreadable: 'line_too_long' },
      { number: 5, end: 262_152, text: 'b' },
      { number: 6, end: 327_689, unreadable: 'line_too_long' },
    ]);
  });

  it('is one that is not UTF-8', async () =>
    expect(await read(Buffer.from([0x61, 0x0a, 0xff, 0x0a, 0xed, 0xa0, 0x80, 0x0a]))).toStrictEqual(
      [
        { number: 1, end: 2, text: 'a' },
        { number: 2, end: 4, unreadable: 'not_utf8' },
        { number: 3, end: 8, unreadable: 'not_utf8' },
      ],
    ));
});

describe('a path that is not a file', () => {
  it('is refused', async () => {
    mkdirSync(file);
    await expect(openJsonLines(file)).rejects.toThrow(UsageError);
    await expect(openJsonLines(path.join(folder, 'missing.jsonl'))).rejects.toThrow(UsageError);
  });
});
