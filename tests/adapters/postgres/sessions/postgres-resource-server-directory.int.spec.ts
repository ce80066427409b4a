import { createHash } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ResourceServerDirectory } from '../../../../src/adapters/ports/resource-server-directory.ts';
import { createPostgresResourceServerDirectory } from '../../../../src/adapters/postgres/sessions/postgres-resource-server-directory.ts';
import { ApplicationError } from '../../../../src/application/kernel/errors.ts';
import { type OpenDatabase, openTestDatabase } from '../../../support/servers/open-database.ts';

const FILES = { id: `rs_${'0'.repeat(26)}`, name: 'files' };
const MAIL = { id: `rs_${'1'.repeat(26)}`, name: 'mail' };

let database: OpenDatabase;
let servers: ResourceServerDirectory;
beforeAll(async () => {
  database = await openTestDatabase();
  servers = createPostgresResourceServerDirectory(database);
});
afterAll(() => database?.drop());
beforeEach(async () => {
  await database.sql('TRUNCATE resource_servers');
});

describe('a server that was added', () => {
  it('has a secret of 32 random bytes, of which only the hash is stored', async () => {
    const secret = await servers.add(FILES);

    expect(secret).toMatch(/^[\w-]{43}$/);
    expect(await database.sql('SELECT id, name, secret_hash FROM resource_servers')).toStrictEqual([
      { ...FILES, secret_hash: createHash('sha256').update(secret).digest('hex') },
    ]);
    expect(await servers.add(MAIL)).not.toBe(secret);
  });

  it('is recognised by its own secret and no other', async () => {
    const secret = await servers.add(FILES);
    const other = await servers.add(MAIL);

    expect(await servers.recognises(FILES.id, secret)).toBe(true);
    for (const wrong of [other, '', '\0', secret.slice(1), `${secret}\n`, secret.toUpperCase()]) {
      expect(await servers.recognises(FILES.id, wrong)).toBe(false);
    }
    for (const id of [MAIL.id, FILES.name, '', '\0', `${FILES.id}\0`, `rs_${'2'.repeat(26)}`]) {
      expect(await servers.recognises(id, secret)).toBe(false);
    }
  });

  it('is listed, oldest first', async () => {
    await servers.add(MAIL);
    await servers.add(FILES);

    const createdAt = expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
    expect(await servers.list()).toStrictEqual([
      { ...MAIL, createdAt },
      { ...FILES, createdAt },
    ]);
  });

  it('has a unique name', async () => {
    await servers.add(FILES);

    await expect(servers.add({ ...MAIL, name: FILES.name })).rejects.toStrictEqual(
      new ApplicationError('resource_server_exists'),
    );
    expect((await servers.list()).map(({ id }) => id)).toStrictEqual([FILES.id]);
  });
});

describe('a server that was removed', () => {
  it('is no longer recognised, and its name is free again', async () => {
    const secret = await servers.add(FILES);
    await servers.remove(FILES.id);

    expect(await servers.recognises(FILES.id, secret)).toBe(false);
    expect(await servers.list()).toStrictEqual([]);
    await servers.add({ ...MAIL, name: FILES.name });
  });

  it.each([FILES.id, FILES.name, '\0', ''])('cannot be removed again: %j', async (id) => {
    await expect(servers.remove(id)).rejects.toStrictEqual(
      new ApplicationError('resource_server_not_found'),
    );
  });
});
