import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { nodesOf, parse, placeOf, sourceFilesIn } from './syntax-tree.ts';

/** Names that reach out of a pure function, wherever they stand as a name of their own. */
const REACHING_OUT = new Set([
  'Promise',
  'console',
  'crypto',
  'fetch',
  'global',
  'globalThis',
  'performance',
  'process',
  'queueMicrotask',
  'require',
  'setImmediate',
  'setInterval',
  'setTimeout',
  // Depends on where it runs: the same name would fold differently elsewhere.
  'Intl',
]);

const isLocaleDependent = (name: string) => name.startsWith('toLocale') || name === 'localeCompare';

const isAsync = (node: ts.Node): boolean =>
  ts.canHaveModifiers(node) &&
  ts.getModifiers(node)?.some(({ kind }) => kind === ts.SyntaxKind.AsyncKeyword) === true;

/** A name that is looked up, not one that a member or a property is called by. */
const isFreeName = (node: ts.Node): node is ts.Identifier => {
  if (!ts.isIdentifier(node)) return false;
  const { parent } = node;
  const isMember =
    (ts.isPropertyAccessExpression(parent) && parent.name === node) ||
    (ts.isPropertyAssignment(parent) && parent.name === node) ||
    (ts.isPropertySignature(parent) && parent.name === node);
  return !isMember;
};

const isCalledOn = (node: ts.Node, object: string, member: string): boolean =>
  ts.isPropertyAccessExpression(node) &&
  node.expression.getText() === object &&
  node.name.text === member;

/** What makes this node impure, if anything. */
const impurity = (node: ts.Node): string | undefined => {
  if (isCalledOn(node, 'Date', 'now')) return 'Date.now';
  if (isCalledOn(node, 'Math', 'random')) return 'Math.random';
  if (ts.isNewExpression(node) && node.expression.getText() === 'Date') {
    return (node.arguments ?? []).length === 0 ? 'new Date()' : undefined;
  }
  if (ts.isCallExpression(node) && node.expression.getText() === 'Date') return 'Date()';
  if (isAsync(node)) return 'async';
  if (ts.isAwaitExpression(node)) return 'await';
  if (ts.isForOfStatement(node) && node.awaitModifier !== undefined) return 'for await';
  if (ts.isMetaProperty(node)) return 'import.meta';
  if (ts.isIdentifier(node) && isLocaleDependent(node.text)) return node.text;
  return isFreeName(node) && REACHING_OUT.has(node.text) ? node.text : undefined;
};

const impuritiesIn = (file: ts.SourceFile): readonly string[] =>
  [...nodesOf(file)].flatMap((node) => {
    const what = impurity(node);
    return what === undefined ? [] : [placeOf(node, what)];
  });

describe('the domain', () => {
  const files = sourceFilesIn('src/domain').map((file) => parse(file));

  it('was read', () => {
    expect(files.length).toBeGreaterThanOrEqual(20);
    expect(files.map(({ fileName }) => fileName)).toContain(
      'src/domain/token-family/token-family-decider.ts',
    );
    expect(files.reduce((sum, { text }) => sum + text.length, 0)).toBeGreaterThan(20_000);
  });

  it('knows no clock, no chance, no environment and no waiting', () => {
    expect(files.flatMap(impuritiesIn)).toStrictEqual([]);
  });
});

describe('a planted impurity', () => {
  it.each([
    ['Date.now', 'export const now = () => Date.now();'],
    ['Date.now', 'export const now = Date.now;'],
    ['new Date()', 'export const now = () => new Date().toISOString();'],
    ['new Date()', 'export const now = () => new Date;'],
    ['Date()', 'export const now = () => Date();'],
    ['Math.random', 'export const salt = () => Math.random().toString(16);'],
    ['async', 'export const decide = async () => [];'],
    ['async', 'export async function decide() { return []; }'],
    ['async', 'export const decider = { async decide() { return []; } };'],
    ['await', 'export const events = await 1;'],
    ['for await', 'for await (const event of []) void event;'],
    ['Promise', 'export const decide = (): Promise<void> => later;'],
    ['Promise', 'export const later = Promise.resolve();'],
    ['setTimeout', 'setTimeout(() => undefined, 1);'],
    ['setInterval', 'const { unref } = setInterval(() => undefined, 1);'],
    ['setImmediate', 'setImmediate(() => undefined);'],
    ['queueMicrotask', 'queueMicrotask(() => undefined);'],
    ['process', 'export const home = process.env.HOME;'],
    ['process', 'const env = { process };'],
    ['crypto', 'export const id = () => crypto.randomUUID();'],
    ['fetch', 'void fetch("https://example.com");'],
    ['console', 'console.log("decided");'],
    ['globalThis', 'export const { Date: Clock } = globalThis;'],
    ['performance', 'export const now = () => performance.now();'],
    ['require', 'const { randomBytes } = require("node:crypto");'],
    ['import.meta', 'export const here = import.meta.url;'],
    ['Intl', 'export const compare = new Intl.Collator().compare;'],
    ['toLocaleLowerCase', 'export const fold = (name: string) => name.toLocaleLowerCase();'],
    ['localeCompare', 'export const compare = (a: string, b: string) => a.localeCompare(b);'],
  ])('is found: %s in %j', (what, text) => {
    expect(impuritiesIn(parse('planted.ts', text))).toStrictEqual([`planted.ts:1 ${what}`]);
  });

  it.each([
    'export const later = (at: string) => new Date(Date.parse(at) + 1);',
    'export const fields = { process: 1, fetch: 2 };',
    'export const chosen = (order: { process: string }) => order.process;',
    'type Order = { crypto: string };',
    'export const rounded = (n: number) => Math.floor(n);',
    '// Date.now() and new Date() are for the clock, await is for adapters',
  ])('is not seen where there is none: %j', (text) => {
    expect(impuritiesIn(parse('planted.ts', text))).toStrictEqual([]);
  });
});
