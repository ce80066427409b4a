import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';

const PAGE = readFileSync('docs/architecture.md', 'utf8');

const foldersIn = (folder: string): readonly string[] =>
  readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .sort();

/** The rows of the table whose head begins with `head`, each as its cells. */
const rowsOf = (page: string, head: string): readonly (readonly string[])[] => {
  const [, after = ''] = page.split(`\n| ${head} |`);
  const [table = ''] = after.split('\n\n');
  return table
    .split('\n')
    .slice(2)
    .map((row) => row.split('|').map((cell) => cell.trim()));
};

const namesOf = (page: string, head: string): readonly string[] =>
  rowsOf(page, head)
    .map(([, name = '']) => name.replace(/^`(.*)\/`$/, '$1'))
    .sort();

describe('the tables of docs/architecture.md', () => {
  it.each([
    ['folder', 'src'],
    ['room', 'src/application'],
    ['folder of `src/adapters/`', 'src/adapters'],
    ['folder of `src/adapters/http/`', 'src/adapters/http'],
    ['folder of `src/adapters/postgres/`', 'src/adapters/postgres'],
    ['folder of `src/adapters/cli/`', 'src/adapters/cli'],
  ])('list under "%s" every folder of %s, and no other', (head, folder) => {
    expect(namesOf(PAGE, head)).toStrictEqual(foldersIn(folder));
  });

  it('are read by the first cell of their head', () => {
    const page = '# A\n\n| room | floor |\n|---|---|\n| `a/` | 0 |\n| `b/` | 1 |\n\nText\n';
    expect(namesOf(page, 'room')).toStrictEqual(['a', 'b']);
    expect(namesOf(page, 'folder')).toStrictEqual([]);
  });
});

const floors = new Map(
  rowsOf(PAGE, 'room').map(([, name = '', floor]) => [
    name.replace(/^`(.*)\/`$/, '$1'),
    Number(floor),
  ]),
);

const sourcesIn = (folder: string): readonly string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => path.posix.join(folder, name));

const roomOf = (file: string): string | undefined => /^src\/application\/([^/]+)\//.exec(file)?.[1];

const roomsImportedBy = (file: string): readonly string[] =>
  [...readFileSync(file, 'utf8').matchAll(/from '(\.[^']+)'/g)]
    .map(([, target = '']) => roomOf(path.posix.join(path.posix.dirname(file), target)))
    .filter((room) => room !== undefined);

describe('the floors of the rooms', () => {
  it('are numbers from 0 to 6', () => {
    expect(new Set(floors.values())).toStrictEqual(new Set([0, 1, 2, 3, 4, 5, 6]));
  });

  it('allow every import: a room imports only rooms of lower floors', () => {
    const upward = sourcesIn('src/application').flatMap((file) => {
      const own = roomOf(file) ?? '';
      const height = floors.get(own) ?? Number.NaN;
      return roomsImportedBy(file)
        .filter((room) => room !== own && !((floors.get(room) ?? Number.NaN) < height))
        .map((room) => `${file} imports ${room}`);
    });
    expect(upward).toStrictEqual([]);
  });
});
