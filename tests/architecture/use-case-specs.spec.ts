import { describe, expect, it } from 'vitest';
import { parse, sourceFilesIn } from './syntax-tree.ts';
import { findUseCases, specOf } from './use-cases.ts';

const useCases = findUseCases(
  sourceFilesIn('src/application').map((file) => parse(file)),
  sourceFilesIn('src/composition').map((file) => parse(file)),
);
const specs = new Set(sourceFilesIn('tests/application'));

describe('the use cases of the application', () => {
  it('are found in the source tree', () => expect(useCases.length).toBeGreaterThanOrEqual(70));

  it('have each a spec of the same name in the mirrored folder', () =>
    expect(useCases.filter((file) => !specs.has(specOf(file)))).toStrictEqual([]));
});

describe('a use case', () => {
  const composition = [parse('planted.ts', 'provide(() => createSignIn({ clock }));')];
  const find = (text: string, file = 'src/application/sessions/sign-in.ts') =>
    findUseCases([parse(file, text)], composition);
  const found = ['src/application/sessions/sign-in.ts'];

  it.each([
    'export const createSignIn = () => async () => undefined;',
    'export const createSignIn = ({ clock }) => { const f = () => { return {}; }; return f; };',
    'export const createSignIn = ({ clock }) => (input) => ({ session: 1 });',
  ])('is a file with a factory of its own name that the composition calls: %s', (text) =>
    expect(find(text)).toStrictEqual(found),
  );

  it.each([
    'const createSignIn = () => async () => undefined;',
    'export const createSignOut = () => async () => undefined;',
    'export type createSignIn = () => void;',
    'export const createSignIn = () => ({ start: () => 1, end: () => 2 });',
    'export const createSignIn = () => { return { start: () => 1, end: () => 2 }; };',
  ])('is not a file like this: %s', (text) => expect(find(text)).toStrictEqual([]));

  it('is not a file whose factory the composition does not call', () =>
    expect(
      find('export const createSignOut = () => async () => 1;', 'src/application/x/sign-out.ts'),
    ).toStrictEqual([]));

  it('has its spec below tests at the same place', () =>
    expect(specOf('src/application/sessions/sign-in.ts')).toBe(
      'tests/application/sessions/sign-in.spec.ts',
    ));
});
