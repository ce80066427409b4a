import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type AdoptedService,
  startAdoptedService,
} from '../../support/adopting/adopted-service.ts';
import { type AdoptionRun, openAdoptionRun } from '../../support/adopting/adoption-run.ts';
import {
  type AdoptionSubject,
  adoptArguments,
  subjects,
} from '../../support/adopting/adoption-subjects.ts';
import { loadDump } from '../../support/adopting/legacy-database.ts';
import {
  expectDocumentedProblem,
  expectProblem,
  type SignedIn,
} from '../../support/servers/http-client.ts';

const NEW_PASSWORD = 'another horse on a staircase';
const { ledger, varchar, integer } = subjects;

/** Opens a service before the tests of a `describe`, and closes it after them. */
const serve = (subject: AdoptionSubject) => {
  let run: AdoptionRun;
  let service: AdoptedService | undefined;
  beforeAll(async () => {
    run = await openAdoptionRun();
    await loadDump(run, subject.file);
    expect(await run.latchkey(...adoptArguments(subject))).toMatchObject({ code: 0 });
    service = await startAdoptedService(run);
  });
  afterAll(async () => {
    await service?.stop();
    await run.drop();
  });

  const get = (): AdoptedService => {
    if (service === undefined) throw new TypeError('it serves from the first test on');
    return service;
  };
  return {
    get,
    verify: () => run.latchkey('projections', 'verify'),
    hashOf: async (id: string): Promise<string | null> => {
      const rows = await run.sql<{ password_hash: string | null }>(
        'SELECT password_hash FROM users WHERE id = $1',
        id,
      );
      return rows[0]?.password_hash ?? null;
    },
    signIn: async (identifier: string, password: string): Promise<SignedIn> => {
      const answer = await get().client.signIn(identifier, password);
      expect({ identifier, status: answer.status }).toStrictEqual({ identifier, status: 201 });
      return answer.json as SignedIn;
    },
  };
};

describe.each([
  ['bcrypt and addresses', varchar],
  ['PBKDF2 and usernames', integer],
] as const)('when users with passwords have been adopted: %s', (_, subject) => {
  const { get, hashOf, signIn, verify } = serve(subject);

  it('a wrong password is refused', async () => {
    expect(subject.signIns.length).toBeGreaterThanOrEqual(4);
    for (const { identifiers, password } of subject.signIns) {
      const [identifier = ''] = identifiers;
      expectProblem(await get().client.signIn(identifier, `${password}!`), 'invalid_credentials');
    }
  });

  it('every user signs in with the old password, which is hashed anew', async () => {
    for (const { id, identifiers, password } of subject.signIns) {
      expect(await hashOf(id)).toMatch(/^\$2b\$12\$|pbkdf2/);
      for (const identifier of identifiers) {
        expect((await signIn(identifier, password)).user).toMatchObject({ id });
      }
      expect(await hashOf(id)).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    }
    expect(await verify()).toMatchObject({ code: 0 });
  });
});

describe('when users without passwords have been adopted', () => {
  const { get, signIn, verify } = serve(ledger);

  it('sign-in is refused until the user sets a password by mail', async () => {
    for (const { id, email } of ledger.people) {
      const address = email ?? '';
      expectProblem(await get().client.signIn(address, NEW_PASSWORD), 'invalid_credentials');
      await get().client.call('POST', '/v1/password-resets', { body: { email } });
      const body = { token: await get().tokenTo(address), newPassword: NEW_PASSWORD };
      const answer = await get().client.call('POST', '/v1/password-resets/confirm', { body });
      expect(answer.status).toBe(204);
      expect((await signIn(address, NEW_PASSWORD)).user).toMatchObject({ id, emailVerified: true });
    }
    expect(await verify()).toMatchObject({ code: 0 });
  });

  it('a column that a request leaves out gets its old default', async () => {
    const { accessToken: token } = await signIn('vera@example.com', NEW_PASSWORD);
    const body = { name: 'Without a currency' };
    expect(await get().client.call('POST', '/v1/accounts', { token, body })).toMatchObject({
      status: 201,
      json: { ...body, currency: 'EUR' },
    });
  });

  it('new rows are stored beside the old ones', async () => {
    const { accessToken: token } = await signIn('vera@example.com', NEW_PASSWORD);
    const post = (path: string, body: object) => get().client.call('POST', path, { token, body });
    const account = await post('/v1/accounts', { name: 'Since then', currency: 'EUR' });
    expect(account).toMatchObject({ status: 201, json: { name: 'Since then' } });
    const booking = { accountId: 'acc_01', amount: -100, occurredOn: '2026-03-01' };
    expect(await post('/v1/transactions', { ...booking, categoryId: 'cat_02' })).toMatchObject({
      status: 201,
      json: { ...booking, categoryId: 'cat_02', payeeId: null },
    });
    expectProblem(
      await post('/v1/transactions', { ...booking, accountId: 'acc_99' }),
      'reference_not_found',
    );
  });

  it.each([
    ['a check', '/v1/transactions', { accountId: 'acc_01', amount: 0, occurredOn: '2026-03-01' }],
    ['a length', '/v1/accounts', { name: 'x'.repeat(150) }],
    ['a unique name', '/v1/payees', { name: 'Corner shop' }],
    ['a fixed width', '/v1/accounts', { name: 'Dollars', currency: 'DOLLARS' }],
  ])('a row that the old tables refuse is refused: %s', async (_, path, body) => {
    const { accessToken: token } = await signIn('vera@example.com', NEW_PASSWORD);
    const answer = await get().client.call('POST', path, { token, body });
    expectDocumentedProblem(answer);
    expect([400, 409]).toContain(answer.status);
  });
});

describe('when users with a username only have been adopted', () => {
  const { get, signIn, verify } = serve(integer);
  const nameAlone = integer.people.filter(({ email }) => email === null);

  it('a user who never had a password is refused', async () => {
    const without = nameAlone.filter(({ id }) => integer.signIns.every((known) => known.id !== id));
    expect(without.map(({ username }) => username)).toStrictEqual(['ben', 'gil']);
    for (const { username } of without) {
      for (const password of ['null', 'password', username ?? '']) {
        const answer = await get().client.signIn(username ?? '', password);
        expectProblem(answer, 'invalid_credentials');
      }
    }
  });

  it('a user adds an address, and signs in with either', async () => {
    const known = integer.signIns.filter(({ id }) => nameAlone.some((person) => person.id === id));
    expect(known.map(({ id }) => id)).toStrictEqual(['3', '4', '6', '8']);
    for (const { id, identifiers, password } of known) {
      const [username = ''] = identifiers;
      const email = `later.${id}@example.net`;
      const { accessToken: token } = await signIn(username, password);
      const asked = await get().client.call('PUT', '/v1/me/email', {
        token,
        body: { email, password },
      });
      expect({ username, status: asked.status }).toStrictEqual({ username, status: 202 });
      const body = { token: await get().tokenTo(email) };
      const confirmed = await get().client.call('POST', '/v1/email-verifications/confirm', {
        body,
      });
      expect(confirmed.status).toBe(204);
      for (const identifier of [username, email]) {
        const { user } = await signIn(identifier, password);
        expect(user).toMatchObject({ id, email, emailVerified: true });
      }
    }
    expect(await verify()).toMatchObject({ code: 0 });
  });
});
