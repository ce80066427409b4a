import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';

const ROOT = process.cwd();
const home = mkdtempSync(path.join(os.tmpdir(), 'latchkey-script-'));
const asked: (string | undefined)[] = [];
let registry: Server;

beforeAll(async () => {
  registry = createServer((request, response) => {
    asked.push(request.url);
    response.writeHead(404).end('{}');
  });
  registry.listen(0, '127.0.0.1');
  await once(registry, 'listening');
});
afterAll(async () => {
  registry.close();
  await once(registry, 'close');
  rmSync(home, { recursive: true });
});

/** When each file was compiled; empty where nothing was. */
const compiled = (): readonly (readonly [file: string, modified: number])[] => {
  if (!existsSync('dist')) return [];
  return readdirSync('dist', { recursive: true, encoding: 'utf8' }).map((file) => [
    file,
    statSync(path.join('dist', file)).mtimeMs,
  ]);
};

/** As on a machine that has never run npm: then npm looks for a newer version of itself. */
const npm = (...args: readonly string[]) =>
  promisify(execFile)('npm', args, {
    cwd: ROOT,
    env: {
      PATH: process.env.PATH,
      HOME: home,
      npm_config_cache: path.join(home, 'cache', '_cacache'),
      npm_config_registry: `http://127.0.0.1:${(registry.address() as AddressInfo).port}/`,
    },
  });

it('npm run latchkey neither compiles the clone nor asks a registry', async () => {
  const before = compiled();
  const { stdout } = await npm('run', '--silent', 'latchkey', '--', '--help');
  expect(stdout).toMatch(/^Usage: latchkey /);
  expect(asked).toStrictEqual([]);
  expect(compiled()).toStrictEqual(before);
});
