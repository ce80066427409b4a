#!/usr/bin/env node
import { existsSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const compiled = path.join(root, 'dist/src/cli.js');
const source = path.join(root, 'src/cli.ts');

/** Whether the sources of a clone are newer than the compiled files. */
const isOutdated = () => {
  if (!existsSync(compiled)) return true;
  if (!existsSync(source)) return false;
  const compiledAt = statSync(compiled).mtimeMs;
  return ['src', 'migrations'].some((folder) =>
    readdirSync(path.join(root, folder), { recursive: true }).some(
      (file) => statSync(path.join(root, folder, String(file))).mtimeMs > compiledAt,
    ),
  );
};

const runsFromSource = isOutdated();
if (runsFromSource) (await import('tsx/esm/api')).register();
const { runCommandLine } = await import(pathToFileURL(runsFromSource ? source : compiled).href);
await runCommandLine(process.argv);
