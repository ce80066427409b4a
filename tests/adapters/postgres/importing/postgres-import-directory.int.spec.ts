import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createPostgresIdentifierClaims } from '../../../../src/adapters/postgres/identity/postgres-identifier-claims.ts';
import { createPostgresImportDirectory } from '../../../../src/adapters/postgres/importing/postgres-import-directory.ts';
import type { WantedKey } from '../../../../src/application/importing/import-directory.ts';
import { tokens } from '../../../../src/composition/system-tokens.ts';
import { newAccount } from '../../../support/identity/new-account.ts';
import { importSource } from '../../../support/importing/import-services.ts';
import {
  type ComposedSystem,
  composeSystem,
  visitor,
} from '../../../support/servers/composed-system.ts';

let system: ComposedSystem;
beforeAll(async () => {
  system = await composeSystem();
});
afterAll(() => system.close());

const find = (...wanted: readonly WantedKey[]) =>
  createPostgresImportDirectory(system.get(tokens.database)).find(wanted);

const claims = () => createPostgresIdentifierClaims(system.get(tokens.database));

const emailKey = (value: string): WantedKey => ({ kind: 'email', value });
const idKey = (value: string): WantedKey => ({ kind: 'id', value });

describe('existing accounts', () => {
  it('are none in an empty database', async () =>
    expect(await find(emailKey('a@example.com'), idKey('a'))).toStrictEqual([]));

  it('include registered users, by identifiers and by id', async () => {
    const { input, emailAddress, username } = newAccount();
    const { userId } = await system.get(tokens.createAccount)(input, 'unverified', visitor);
    const known = { userId, checksum: null, erased: false };
    expect(
      await find(emailKey(emailAddress), { kind: 'username', value: username }, idKey(userId)),
    ).toStrictEqual([
      { ...emailKey(emailAddress), ...known },
      { kind: 'username', value: username, ...known },
      { ...idKey(userId), ...known },
    ]);
  });

  it('include imported users, with the checksum of the line', async () => {
    const line = { id: "o'ld-1", email: 'imported@example.com' };
    await system.get(tokens.importUsers)(
      importSource(line),
      { dryRun: false, skipConflicts: false },
      visitor,
    );
    const checksum = expect.stringMatching(/^[0-9a-f]{64}$/);
    expect(await find(emailKey(line.email), idKey(line.id))).toStrictEqual([
      { ...emailKey(line.email), userId: line.id, checksum, erased: false },
      { ...idKey(line.id), userId: line.id, checksum, erased: false },
    ]);
  });

  it.each(['expires_at', 'held_until'])(
    'exclude users whose claim has ended: %s',
    async (column) => {
      const claim = { kind: 'email', value: 'claimed@example.com', userId: 'user_soon' } as const;
      await claims().claim([claim]);
      const wanted = emailKey(claim.value);
      const holder = { ...wanted, userId: claim.userId, checksum: null, erased: false };
      expect(await find(wanted, idKey(claim.userId))).toStrictEqual([holder]);
      const setEnd = (seconds: number) =>
        system.sql(
          `UPDATE identifier_claims SET ${column} = now() + make_interval(secs => $2)
          WHERE value = $1`,
          claim.value,
          seconds,
        );
      await setEnd(60);
      expect(await find(wanted)).toStrictEqual([holder]);
      await setEnd(-1);
      expect(await find(wanted)).toStrictEqual([]);
    },
  );
});

describe('claims for many accounts at once', () => {
  it('are returned as far as they succeed, and can be released', async () => {
    const of = (name: string, userId: string) =>
      ({ kind: 'email', value: `${name}@claims.example.com`, userId }) as const;
    const { claim, release } = claims();
    expect(await claim([of('b', 'user_1')])).toStrictEqual([of('b', 'user_1')]);
    expect(await claim([of('c', 'user_3'), of('b', 'user_2'), of('a', 'user_2')])).toStrictEqual([
      of('a', 'user_2'),
      of('c', 'user_3'),
    ]);
    await release([of('a', 'user_2'), of('b', 'user_2'), of('c', 'user_1')]);
    const left = await system.sql(
      "SELECT value, user_id FROM identifier_claims WHERE value LIKE '%@claims.example.com' ORDER BY value",
    );
    expect(left).toStrictEqual([
      { value: 'b@claims.example.com', user_id: 'user_1' },
      { value: 'c@claims.example.com', user_id: 'user_3' },
    ]);
  });
});
