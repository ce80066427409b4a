import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { runCommand } from '../../support/servers/command-line.ts';
import { newMasterKey } from '../../support/servers/latchkey-process.ts';
import { type OpenDatabase, openEmptyDatabase } from '../../support/servers/open-database.ts';

const LATCHKEY_MASTER_KEY = newMasterKey();

/** Returns the failure as an operator sees it: one sentence, no stack. */
const sentenceOf = async (environment: Readonly<Record<string, string>>): Promise<string> => {
  const { code, stdout, stderr } = await runCommand(['migrate', 'up'], {
    LATCHKEY_MASTER_KEY,
    ...environment,
  });
  expect({ code, stdout }).toStrictEqual({ code: 1, stdout: '' });
  return stderr.trimEnd();
};

describe('when the database address does not lead to a working PostgreSQL', () => {
  let server: net.Server;
  let url: string;
  const sockets = new Set<net.Socket>();

  const listen = async (answer: (socket: net.Socket) => void): Promise<void> => {
    server = net.createServer((socket) => {
      sockets.add(socket.on('error', () => undefined));
      answer(socket);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    const port = address !== null && typeof address === 'object' ? address.port : 0;
    url = `postgresql://latchkey:hunter2@127.0.0.1:${port}/accounts`;
  };

  /** An ErrorResponse to the first message (PostgreSQL's protocol, 54.7). */
  const refusal = (sqlstate: string, message: string) => (socket: net.Socket) => {
    const fields = Buffer.from(`SFATAL\0VFATAL\0C${sqlstate}\0M${message}\0\0`);
    const head = Buffer.alloc(5);
    head.write('E');
    head.writeInt32BE(fields.length + 4, 1);
    socket.once('data', () => socket.end(Buffer.concat([head, fields])));
  };

  afterEach(async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  });

  const here = () => `The database (${new URL(url).host}/accounts)`;

  it.each([
    ['28P01', 'cannot be used', 'password authentication failed for user "latchkey"'],
    ['28000', 'cannot be used', 'role "latchkey" is not permitted to log in'],
    ['3D000', 'cannot be used', 'database "accounts" does not exist'],
    ['57P03', 'cannot be used', 'the database system is starting up'],
    ['53300', 'cannot be used', 'sorry, too many clients already'],
  ])(
    'the failure repeats the server message with %s, and no password',
    async (code, verb, message) => {
      await listen(refusal(code, message));

      expect(await sentenceOf({ DATABASE_URL: url })).toBe(`${here()} ${verb}: ${message}.`);
    },
  );

  it('the failure says that the server is not PostgreSQL', async () => {
    await listen((socket) => {
      socket.once('data', () => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'));
    });

    expect(await sentenceOf({ DATABASE_URL: url })).toBe(
      `${here()} cannot be used: Connection terminated unexpectedly.`,
    );
  });

  it('the failure says that the server does not answer', async () => {
    await listen(() => undefined);

    expect(await sentenceOf({ DATABASE_URL: url })).toBe(
      `${here()} cannot be used: timeout expired.`,
    );
  });
});

describe('when the database cannot be used by this version', () => {
  let database: OpenDatabase;
  beforeAll(async () => {
    database = await openEmptyDatabase();
  });
  afterAll(() => database.drop());

  const sentence = () => sentenceOf({ DATABASE_URL: database.connectionString });
  const name = () => expect.stringMatching(/^The database \(localhost\/test_\w+\) /);

  it('the failure names a standby', async () => {
    const [row] = await database.sql<{ name: string }>('SELECT current_database() AS name');
    await database.sql(`ALTER DATABASE ${row?.name} SET default_transaction_read_only = on`);
    const said = await sentence();
    await database.sql('SET default_transaction_read_only = off');
    await database.sql(`ALTER DATABASE ${row?.name} RESET default_transaction_read_only`);

    expect(said).toEqual(name());
    expect(said).toMatch(
      /cannot be used: cannot execute CREATE TABLE in a read-only transaction\.$/,
    );
  });

  it('the failure names the database of another application, which is left unchanged', async () => {
    await database.sql('CREATE TABLE users (id integer)');

    const said = await sentence();

    expect(said).toMatch(/^This database has a table users that is not Latchkey's: /);
    const columns = await database.sql(
      "SELECT column_name AS name FROM information_schema.columns WHERE table_name = 'users'",
    );
    await database.sql('DROP TABLE users');
    expect(columns).toStrictEqual([{ name: 'id' }]);
  });

  it('the failure names a database that a later version has migrated', async () => {
    await runCommand(['migrate', 'up'], {
      LATCHKEY_MASTER_KEY,
      DATABASE_URL: database.connectionString,
    });
    await database.sql(
      `INSERT INTO latchkey_migrations (name, batch, migration_time) VALUES ('9999_later', 9, now())`,
    );

    expect(await sentence()).toMatch(
      / was migrated by a later version of Latchkey: run that version\.$/,
    );
  });
});

describe('when the generated master key is unusable', () => {
  it('the failure names its file, and no other key is generated', async () => {
    const folder = mkdtempSync(path.join(os.tmpdir(), 'latchkey-key-'));
    const file = path.join(folder, 'master.key');
    writeFileSync(file, 'hello\n');

    const said = await sentenceOf({
      LATCHKEY_MASTER_KEY: '',
      LATCHKEY_DATA_DIR: folder,
      DATABASE_URL: 'postgresql://127.0.0.1:1/none',
    });
    rmSync(folder, { recursive: true });

    expect(said).toBe(`The master key file cannot be used: ${file} holds no usable master key.`);
  });
});
