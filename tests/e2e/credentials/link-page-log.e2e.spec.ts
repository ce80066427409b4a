import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { linkPaths } from '../../../src/adapters/http/pages/languages/link-paths.ts';
import { createLinkBrowser } from '../../support/http/link-browser.ts';
import { eventually } from '../../support/kernel/eventually.ts';
import { createHttpClient } from '../../support/servers/http-client.ts';
import { type ServerProcess, startServerProcess } from '../../support/servers/latchkey-process.ts';
import { tokenIn } from '../../support/servers/mailbox.ts';
import { createTestDatabase, type TestDatabase } from '../../support/servers/test-database.ts';

describe('when pages of mail links were opened and submitted, with the most detailed log', () => {
  const secrets: string[] = [];
  let database: TestDatabase;
  let server: ServerProcess;
  let log: string;

  const secret = (text = randomBytes(16).toString('hex')): string => {
    secrets.push(text);
    return text;
  };

  const playLinks = async () => {
    const client = createHttpClient(server.url);
    const browser = createLinkBrowser(client);
    const email = secret(`${randomBytes(8).toString('hex')}@example.com`);
    const body = { email, password: secret(), displayName: 'Ann' };
    expect((await client.call('POST', '/v1/users', { body })).status).toBe(202);
    let text: string | undefined;
    await eventually(async () => {
      const headers = { accept: 'application/json' };
      const { json } = await client.call('GET', '/dev/mail', { headers });
      [text] = (json as { text: string }[]).map((mail) => mail.text);
      return text !== undefined;
    }, 'a mail');
    const token = secret(tokenIn(text ?? ''));
    expect((await browser.press(await browser.open('/verify-email', token))).status).toBe(200);
    for (const path of Object.values(linkPaths)) {
      await browser.open(path, secret());
      await browser.submit(path, { token: secret(), newPassword: secret() });
      await browser.submit(path, { token: secret(), newPassword: secret().slice(0, 7) });
      await browser.post(path, `token=${secret()}&token=${secret()}`);
    }
    // Without the database a request fails with an internal error, which is logged too.
    await database.drop();
    const failed = await browser.submit('/verify-email', { token: secret(token) });
    expect(failed).toMatchObject({ status: 500, form: { token } });
    client.close();
  };

  beforeAll(async () => {
    database = await createTestDatabase();
    server = await startServerProcess({
      DATABASE_URL: database.connectionString,
      LATCHKEY_REGISTRATION: 'verify-first',
      LATCHKEY_LOG_LEVEL: 'trace',
      LATCHKEY_MASTER_KEY: randomBytes(32).toString('base64'),
    });
    await playLinks();
    await server.stop();
    log = server.output();
  });

  afterAll(() => server.stop('SIGKILL'));

  it('the log has the route of each, but not the rest of its address', () => {
    for (const path of Object.values(linkPaths)) {
      expect(log).toContain(`"method":"GET","route":"${path}","status":200`);
      expect(log).toContain(`"method":"POST","route":"${path}","status":400`);
    }
    expect(log).toContain('"msg":"request failed"');
    expect(log).not.toContain('token=');
  });

  it('the log has no token, no address and no password', () => {
    expect(secrets.length).toBeGreaterThan(30);
    expect(secrets.filter((text) => log.includes(text.slice(0, 16)))).toStrictEqual([]);
  });
});
