import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createPostgresIdentifierRegistry } from '../../../../src/adapters/postgres/identity/postgres-identifier-registry.ts';
import type { IdentifierRegistry } from '../../../../src/application/identity/identifier-registry.ts';
import type { SignInIdentifier } from '../../../../src/domain/user/sign-in-identifier.ts';
import { type OpenDatabase, openTestDatabase } from '../../../support/servers/open-database.ts';

const email: SignInIdentifier = { kind: 'email', value: 'ann@example.com' };
const username: SignInIdentifier = { kind: 'username', value: 'ann' };

let database: OpenDatabase;
let registry: IdentifierRegistry;

beforeAll(async () => {
  database = await openTestDatabase();
  registry = createPostgresIdentifierRegistry(database);
});
afterAll(() => database?.drop());
beforeEach(async () => {
  await database.sql('TRUNCATE identifier_claims');
});

/** The claims, their users, and whether they are confirmed. */
const held = async () => {
  const rows = await database.sql<{ held: string }>(
    `SELECT concat_ws(' ', kind, value, user_id, CASE WHEN expires_at IS NULL THEN 'confirmed' END)
      AS held FROM identifier_claims ORDER BY kind, value`,
  );
  return rows.map((row) => row.held);
};

/** Confirms a claim like the projection of the registration. */
const confirm = ({ kind, value }: SignInIdentifier) =>
  database.sql(
    'UPDATE identifier_claims SET expires_at = NULL WHERE kind = $1 AND value = $2',
    kind,
    value,
  );

const expire = () =>
  database.sql(`UPDATE identifier_claims SET expires_at = now() - interval '1 ms'
    WHERE expires_at IS NOT NULL`);

const taken = { name: 'ApplicationError', code: 'identifier_taken' };

const race = async (identifiers: (n: number) => readonly SignInIdentifier[]) => {
  const claims = await Promise.allSettled(
    Array.from({ length: 20 }, (_, n) => registry.claim(identifiers(n), `user_${n}`)),
  );
  const winners = claims.flatMap(({ status }, n) => (status === 'fulfilled' ? [`user_${n}`] : []));
  const refusals = claims.flatMap((claim) => (claim.status === 'rejected' ? [claim.reason] : []));
  return { winners, refusals };
};

describe('a free identifier', () => {
  it('is claimed for two minutes, until an event confirms it', async () => {
    await registry.claim([email], 'user_1');
    expect(
      await database.sql(`SELECT user_id, expires_at > now() + interval '100 seconds' AS long_enough,
        expires_at <= now() + interval '120 seconds' AS short_enough FROM identifier_claims`),
    ).toStrictEqual([{ user_id: 'user_1', long_enough: true, short_enough: true }]);
  });

  it('goes to one of twenty users who claim it at the same time', async () => {
    const { winners, refusals } = await race(() => [email]);
    expect(winners).toHaveLength(1);
    expect(refusals).toHaveLength(19);
    for (const refusal of refusals) expect(refusal).toMatchObject(taken);
    expect(await held()).toStrictEqual([`email ann@example.com ${winners[0]}`]);
  });

  it('is claimed together with others, in any order at the same time', async () => {
    const many = Array.from(
      { length: 200 },
      (_, n): SignInIdentifier => ({
        kind: 'username',
        value: `name-${n}`,
      }),
    );
    const { winners, refusals } = await race((n) => (n % 2 === 0 ? many : [...many].reverse()));
    for (const refusal of refusals) expect(refusal).toMatchObject(taken);
    expect(winners).toHaveLength(1);
    expect(await held()).toStrictEqual(
      many.map(({ value }) => `username ${value} ${winners[0]}`).sort(),
    );
  });

  it('is different under another kind', async () => {
    await registry.claim([{ kind: 'username', value: email.value }], 'user_1');
    await registry.claim([email], 'user_2');
    expect(await held()).toStrictEqual([
      'email ann@example.com user_2',
      'username ann@example.com user_1',
    ]);
  });
});

describe('an identifier of another user', () => {
  it.each([
    { case: 'a claim', settle: () => Promise.resolve() },
    { case: 'a confirmed claim', settle: () => confirm(username) },
  ])('is refused for $case, and identifiers claimed with it are free again', async ({ settle }) => {
    await registry.claim([username], 'user_1');
    await settle();
    const before = await held();
    await expect(registry.claim([email, username], 'user_2')).rejects.toMatchObject(taken);
    expect(await held()).toStrictEqual(before);
    await registry.claim([email], 'user_3');
  });

  it('is free again when its claim has expired', async () => {
    await registry.claim([email], 'user_1');
    await expire();
    await registry.claim([email], 'user_2');
    expect(await held()).toStrictEqual(['email ann@example.com user_2']);
    await expect(registry.claim([email], 'user_1')).rejects.toMatchObject(taken);
  });

  it('goes to one of twenty users who claim it at the same time when its claim has expired', async () => {
    await registry.claim([email], 'user_gone');
    await expire();
    const { winners } = await race(() => [email]);
    expect(winners).toHaveLength(1);
    expect(await held()).toStrictEqual([`email ann@example.com ${winners[0]}`]);
  });

  it('stays with its user when another one releases it', async () => {
    await registry.claim([email], 'user_1');
    await registry.release([email], 'user_2');
    expect(await held()).toStrictEqual(['email ann@example.com user_1']);
  });
});

describe('an identifier of the user', () => {
  it('stays confirmed when it is claimed again', async () => {
    await registry.claim([email], 'user_1');
    await confirm(email);
    await registry.claim([email, username], 'user_1');
    expect(await held()).toStrictEqual([
      'email ann@example.com user_1 confirmed',
      'username ann user_1',
    ]);
  });

  it('is kept when a claim that includes it is refused', async () => {
    await registry.claim([email], 'user_1');
    await confirm(email);
    await registry.claim([username], 'user_2');
    await expect(registry.claim([email, username], 'user_1')).rejects.toMatchObject(taken);
    expect(await held()).toStrictEqual([
      'email ann@example.com user_1 confirmed',
      'username ann user_2',
    ]);
  });

  it('is released only while unconfirmed', async () => {
    await registry.claim([email, username], 'user_1');
    await confirm(email);
    await registry.release([email, username], 'user_1');
    expect(await held()).toStrictEqual(['email ann@example.com user_1 confirmed']);
  });

  it('cannot be claimed by others when it is claimed again after its claim expired', async () => {
    await registry.claim([email], 'user_1');
    await expire();
    await registry.claim([email], 'user_1');
    await expect(registry.claim([email], 'user_2')).rejects.toMatchObject(taken);
  });
});

describe('no identifiers', () => {
  it('are claimed and released without effect', async () => {
    await registry.claim([], 'user_1');
    await registry.release([], 'user_1');
    expect(await held()).toStrictEqual([]);
  });
});
