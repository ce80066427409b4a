import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { tokens } from '../../src/composition/system-tokens.ts';

const FOLDER = new URL('../../src/composition/tokens/', import.meta.url);

const namesByFile = async (): Promise<readonly string[]> => {
  const files = readdirSync(FOLDER).filter((file) => file.endsWith('-tokens.ts'));
  const modules: readonly Record<string, object>[] = await Promise.all(
    files.map((file) => import(new URL(file, FOLDER).href)),
  );
  return modules.flatMap((module) => Object.values(module).flatMap(Object.keys));
};

describe('the tokens of the rooms', () => {
  it('are spread into one object without a name in two rooms', async () => {
    expect([...(await namesByFile())].sort()).toStrictEqual(Object.keys(tokens).sort());
  });
});
