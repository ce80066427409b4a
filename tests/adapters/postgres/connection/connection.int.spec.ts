import { createServer, type Server } from 'node:net';
import { setImmediate } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  createDatabase,
  type Database,
  errorCode,
} from '../../../../src/adapters/postgres/connection/connection.ts';
import { type OpenDatabase, openTestDatabase } from '../../../support/servers/open-database.ts';

const unavailable = {
  name: 'ApplicationError',
  code: 'service_unavailable',
  retryAfterSeconds: 1,
};
const TERMINATE_OTHERS = {
  text: `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid()`,
};
const TERMINATE_OWN = { text: 'SELECT pg_terminate_backend(pg_backend_pid())' };

let database: OpenDatabase;

beforeAll(async () => {
  database = await openTestDatabase();
  await database.sql('CREATE TABLE notes (text text PRIMARY KEY)');
});
afterAll(() => database?.drop());
beforeEach(async () => {
  await database.sql('TRUNCATE notes');
});

const notes = async () =>
  (await database.sql<{ text: string }>('SELECT text FROM notes ORDER BY text')).map(
    ({ text }) => text,
  );
const note = (text: string) => ({ text: 'INSERT INTO notes VALUES ($1)', values: [text] });

/** Runs `work` on a separate pool. */
const onOther = async <Result>(
  connectionString: string,
  work: (other: Database) => Promise<Result>,
): Promise<Result> => {
  const other = createDatabase({ connectionString, maxConnections: 1 });
  try {
    return await work(other);
  } finally {
    await other.close();
  }
};

const ways = [
  { way: 'a query', query: (to: Database) => to.query({ text: 'SELECT 1' }) },
  { way: 'a transaction', query: (to: Database) => to.transaction(async () => 'reached') },
  { way: 'a session', query: (to: Database) => to.session(async () => 'reached') },
];

describe('values of a query', () => {
  it('are returned as Instant text, exact integer text and parsed JSON', async () => {
    const select = `SELECT $1::timestamptz AS instant, 9007199254740993::bigint AS big,
      7 AS small, '{"a": [1]}'::jsonb AS json, true AS yes, NULL AS nothing`;
    const values = ['2026-01-02T04:04:05.678+01:00'];
    const row = {
      instant: '2026-01-02T03:04:05.678Z',
      big: '9007199254740993',
      small: 7,
      json: { a: [1] },
      yes: true,
      nothing: null,
    };
    const statement = { text: select, values };
    expect(await database.query(statement)).toStrictEqual([row]);
    expect(await database.query({ name: 'typed', ...statement })).toStrictEqual([row]);
    expect(await database.transaction((c) => c.query(statement))).toStrictEqual([row]);
    expect(await database.session((c) => c.query(statement))).toStrictEqual([row]);
  });
});

describe('a transaction', () => {
  it('commits its work and returns its result', async () => {
    const result = await database.transaction(async (connection) => {
      await connection.query(note('a'));
      expect(await notes()).toStrictEqual([]);
      return 'done';
    });
    expect(result).toBe('done');
    expect(await notes()).toStrictEqual(['a']);
  });

  it('rolls back when its work throws, and throws the same error', async () => {
    const error = new Error('changed my mind');
    const work = database.transaction(async (connection) => {
      await connection.query(note('a'));
      throw error;
    });
    await expect(work).rejects.toBe(error);
    expect(await notes()).toStrictEqual([]);
  });

  it('rolls back when a statement fails, and its connection stays usable', async () => {
    await onOther(database.connectionString, async (other) => {
      const work = other.transaction(async (connection) => {
        await connection.query(note('a'));
        await connection.query(note('a'));
      });
      const error = await work.catch((reason: unknown) => reason);
      expect(errorCode(error)).toBe('23505');
      await other.query(note('b'));
    });
    expect(await notes()).toStrictEqual(['b']);
  });

  it('rolls back when a deferred constraint fails', async () => {
    await expect(
      database.transaction(async (connection) => {
        await connection.query(note('a'));
        await connection.query({
          text: `INSERT INTO sessions (id, user_id, created_at, last_used_at, expires_at)
            VALUES (gen_random_uuid(), 'nobody', now(), now(), now())`,
        });
      }),
    ).rejects.toMatchObject({ code: '23503' });
    expect(await notes()).toStrictEqual([]);
  });

  it('fails with service_unavailable when its connection breaks during a statement', async () => {
    await onOther(database.connectionString, async (other) => {
      const work = other.transaction(async (connection) => {
        await connection.query(note('a'));
        await connection.query(TERMINATE_OWN);
      });
      await expect(work).rejects.toMatchObject(unavailable);
      await other.query(note('b'));
    });
    expect(await notes()).toStrictEqual(['b']);
  });

  it('fails with service_unavailable when its connection breaks between two statements', async () => {
    await onOther(database.connectionString, async (other) => {
      const work = other.transaction(async (connection) => {
        await connection.query(note('a'));
        const [self] = await connection.query<{ pid: number }>({
          text: 'SELECT pg_backend_pid() AS pid',
        });
        await database.sql('SELECT pg_terminate_backend($1)', self?.pid);
        await gone(self?.pid);
        await connection.query(note('b'));
      });
      await expect(work).rejects.toMatchObject(unavailable);
    });
    expect(await notes()).toStrictEqual([]);
  });
});

/** Waits until the server, and then this process, has noticed that a connection ended. */
const gone = async (pid: number | undefined): Promise<void> => {
  const deadline = Date.now() + 5_000;
  for (;;) {
    const alive = await database.sql('SELECT FROM pg_stat_activity WHERE pid = $1', pid);
    if (alive.length === 0) break;
    if (Date.now() > deadline) throw new Error(`connection ${pid} is still there`);
  }
  await setImmediate();
};

describe('a session', () => {
  it('uses a connection outside the pool that closes after its work', async () => {
    const [own] = await database.session(async (connection) => {
      await connection.query({ text: 'SET statement_timeout = 0' });
      return connection.query<{ pid: number }>({ text: 'SELECT pg_backend_pid() AS pid' });
    });
    await gone(own?.pid);
    await expect(
      database.session(async () => {
        throw new Error('changed my mind');
      }),
    ).rejects.toThrow('changed my mind');
  });

  it('fails with service_unavailable when its connection breaks', async () => {
    const work = database.session((connection) => connection.query(TERMINATE_OWN));
    await expect(work).rejects.toMatchObject(unavailable);
  });
});

describe('a pool whose connections were terminated', () => {
  it('replaces idle ones', async () => {
    await onOther(database.connectionString, async (other) => {
      const [first] = await other.query<{ pid: number }>({
        text: 'SELECT pg_backend_pid() AS pid',
      });
      await database.query(TERMINATE_OTHERS);
      await gone(first?.pid);
      const [second] = await other.query<{ pid: number }>({
        text: 'SELECT pg_backend_pid() AS pid',
      });
      expect(second?.pid).not.toBe(first?.pid);
    });
  });

  it('fails a running query with service_unavailable', async () => {
    await onOther(database.connectionString, async (other) => {
      await expect(other.query(TERMINATE_OWN)).rejects.toMatchObject(unavailable);
      expect(await other.query({ text: 'SELECT 1 AS one' })).toStrictEqual([{ one: 1 }]);
    });
  });
});

describe('when the database is unavailable', () => {
  let silent: Server;
  beforeAll(async () => {
    silent = createServer((socket) => socket.destroy());
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
  });
  afterAll(() => silent?.close());

  it.each(ways)(
    '$way fails with service_unavailable when the connection is refused',
    async ({ query }) => {
      await onOther('postgresql://someone@127.0.0.1:1/nothing', async (other) => {
        await expect(query(other)).rejects.toMatchObject(unavailable);
      });
    },
  );

  it.each(ways)(
    '$way fails with service_unavailable when the connection is closed',
    async ({ query }) => {
      const address = silent.address();
      const port = typeof address === 'object' ? address?.port : undefined;
      await onOther(`postgresql://someone@127.0.0.1:${port}/nothing`, async (other) => {
        await expect(query(other)).rejects.toMatchObject(unavailable);
      });
    },
  );

  it.each(ways)(
    '$way fails with service_unavailable after the pool was closed',
    async ({ way, query }) => {
      const other = createDatabase({ connectionString: database.connectionString });
      await other.close();
      if (way === 'a session') expect(await query(other)).toBe('reached');
      else await expect(query(other)).rejects.toMatchObject(unavailable);
    },
  );
});

describe('a faulty statement', () => {
  it('fails with its own error, not as an outage', async () => {
    const error = await database.sql('SELECT 1 / 0').catch((reason: unknown) => reason);
    expect(errorCode(error)).toBe('22012');
    expect(errorCode('no error')).toBe('');
  });
});
