import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ServerProcess, startServerProcess } from '../../support/servers/latchkey-process.ts';
import { eventStoreBeside } from '../../support/servers/test-event-store.ts';

const DEMO = fileURLToPath(new URL('../../../scripts/demo.ts', import.meta.url));

describe('when the service was started in an empty folder', () => {
  const dataDir = mkdtempSync(path.join(os.tmpdir(), 'latchkey-demo-'));
  chmodSync(dataDir, 0o755);
  let server: ServerProcess;

  beforeAll(async () => {
    // The defaults, without the settings of other specs.
    server = await startServerProcess({
      LATCHKEY_DATA_DIR: dataDir,
      LATCHKEY_SEED_DEMO: 'on',
      LATCHKEY_REGISTRATION: '',
    });
  });

  afterAll(async () => {
    await server.stop();
    rmSync(dataDir, { recursive: true, force: true });
  });

  it('the banner shows its address and the demo account', async () => {
    const { EVENTSTOREDB_URL } = { EVENTSTOREDB_URL: '', ...(await eventStoreBeside(dataDir)) };
    expect(server.output()).toMatch(
      new RegExp(
        [
          `Latchkey is listening on ${server.url}`,
          '',
          `  API           ${server.url}/docs`,
          `  Health        ${server.url}/health/ready`,
          `  Audit         ${server.url}/admin/audit`,
          `  Mail inbox    ${server.url}/dev/mail`,
          `  Database      embedded PostgreSQL [\\d.]+ in ${dataDir}`,
          ...(EVENTSTOREDB_URL === '' ? [] : ['  Event log     EventStoreDB']),
          '  Demo account  demo@example.com, password (demo-[0-9a-f]{12}) \\(shown once\\)',
        ].join('\n'),
      ),
    );
    const [, password] = /password (demo-\w+)/.exec(server.output()) ?? [];
    const signIn = await fetch(`${server.url}/v1/sessions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ identifier: 'demo', password }),
    });
    expect(signIn.status).toBe(201);
    expect(await signIn.json()).toMatchObject({ user: { role: 'admin' } });
    for (const page of ['/docs/', '/openapi.json', '/dev/mail']) {
      expect((await fetch(`${server.url}${page}`)).status).toBe(200);
    }
  });

  it('npm run demo plays the theft of the README to its end', async () => {
    const demo = spawn(process.execPath, ['--import', 'tsx', DEMO], {
      env: {
        ...process.env,
        ...(await eventStoreBeside(dataDir)),
        LATCHKEY_URL: server.url,
        LATCHKEY_DATA_DIR: dataDir,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    for (const stream of [demo.stdout, demo.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        output += text;
      });
    }
    await once(demo, 'close');
    expect({ code: demo.exitCode, output }).toStrictEqual({
      code: 0,
      output: expect.stringContaining('Every step had the expected result.'),
    });
    expect(output).toContain(`She follows the link in her mail (${server.url}/dev/mail)`);
    expect(output).toContain('THEFT: generation 0 presented');
    expect(output).toContain('Chain     intact');
  });
});
