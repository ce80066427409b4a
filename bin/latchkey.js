#!/usr/bin/env node
// A clone runs from its sources, a published package from what was built of them.
import { existsSync } from 'node:fs';

const compiled = new URL('../dist/src/cli.js', import.meta.url);
const source = new URL('../src/cli.ts', import.meta.url);

let entry = compiled;
if (existsSync(source)) {
  const { register } = await import('tsx/esm/api');
  register();
  entry = source;
}
const { runCommandLine } = await import(entry.href);
await runCommandLine(process.argv);
