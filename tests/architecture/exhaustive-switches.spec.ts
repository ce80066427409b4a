import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { examineSwitches } from './exhaustive-switches.ts';
import { plantTree } from './planted-tree.ts';
import { sourceFilesIn } from './syntax-tree.ts';

const FOLDERS = ['src/domain', 'src/application'];

describe('every switch of the domain and the application', () => {
  const { count, gaps, defaults } = examineSwitches(FOLDERS.flatMap(sourceFilesIn));

  it('was read', () => expect(count).toBeGreaterThanOrEqual(12));

  it('names every member of its union', () => expect(gaps).toStrictEqual([]));

  it('leaves none to a default', () => expect(defaults).toStrictEqual([]));
});

const union = "declare const command: { type: 'Start' } | { type: 'Stop' } | { type: 'Go' };";

const planted: Readonly<Record<string, string>> = {
  'one-missing': `${union} switch (command.type) { case 'Start': case 'Go': break; }`,
  'all-missing': `${union} switch (command.type) {}`,
  'no-union': "declare const text: string; switch (text) { case 'a': break; }",
  'with-default': `${union} switch (command.type) { case 'Start': default: }`,
  complete: `${union}
    switch (command.type) { case 'Start': case 'Stop': case 'Go': break; }
    declare const n: 1 | 2 | undefined;
    switch (n) { case 1: case 2: case undefined: break; }`,
  narrowed: `${union}
    if (command.type !== 'Go') switch (command.type) { case 'Start': case 'Stop': break; }`,
};

const examinePlanted = () => {
  const names = Object.keys(planted);
  const tree = plantTree(
    // An export keeps the declarations of each file to itself.
    Object.fromEntries(names.map((name) => [`${name}.ts`, `export {}; ${planted[name]}`])),
  );
  try {
    const { gaps, defaults } = examineSwitches(
      names.map((name) => path.join(tree.root, `${name}.ts`)),
    );
    return [...gaps, ...defaults].map((place) => place.replace(`${tree.root}/`, ''));
  } finally {
    tree.remove();
  }
};

describe('a planted switch', () => {
  const found = examinePlanted();
  const foundIn = (name: string) => found.filter((place) => place.startsWith(`${name}.ts`)).sort();

  it('has a gap where a member is missing', () =>
    expect(foundIn('one-missing')).toStrictEqual(['one-missing.ts:1 lacks "Stop"']));

  it('has a gap for each member that is missing', () =>
    expect(foundIn('all-missing')).toStrictEqual([
      'all-missing.ts:1 lacks "Go"',
      'all-missing.ts:1 lacks "Start"',
      'all-missing.ts:1 lacks "Stop"',
    ]));

  it('has a gap where its value is no union of literals', () =>
    expect(foundIn('no-union')).toStrictEqual(['no-union.ts:1 lacks string']));

  it('is found with a default', () =>
    expect(foundIn('with-default')).toStrictEqual(['with-default.ts:1 has a default']));

  it('is complete with every member, numbers and undefined among them', () =>
    expect(foundIn('complete')).toStrictEqual([]));

  it('may leave out what was ruled out before', () =>
    expect(foundIn('narrowed')).toStrictEqual([]));
});
