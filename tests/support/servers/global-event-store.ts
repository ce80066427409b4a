import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  export interface ProvidedContext {
    /** The real server, or the host of doubles; both unset where the log is in PostgreSQL. */
    eventStores: Readonly<{ server?: string; host?: string }>;
  }
}

const HOST = fileURLToPath(new URL('./event-store-host.ts', import.meta.url));

const startHost = async () => {
  const child = spawn(process.execPath, ['--import', 'tsx', HOST], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = once(child, 'exit');
  const died = exited.then(([code]) => Promise.reject(new Error(`the host ended with ${code}`)));
  died.catch(() => undefined);
  const [url] = await Promise.race([once(createInterface(child.stdout), 'line'), died]);
  const stop = async () => {
    child.kill('SIGTERM');
    await exited;
  };
  return { url: String(url), stop };
};

/** Prepares `LATCHKEY_TEST_STORE=eventstoredb`: uses EVENTSTOREDB_TEST_URL or starts doubles. */
export default async (project: TestProject): Promise<(() => Promise<void>) | undefined> => {
  const mode = project.config.env?.LATCHKEY_TEST_STORE ?? process.env.LATCHKEY_TEST_STORE;
  const server = process.env.EVENTSTOREDB_TEST_URL;
  if (mode !== 'eventstoredb' || server !== undefined) {
    project.provide('eventStores', server === undefined ? {} : { server });
    return undefined;
  }
  const { url, stop } = await startHost();
  project.provide('eventStores', { host: url });
  return stop;
};
