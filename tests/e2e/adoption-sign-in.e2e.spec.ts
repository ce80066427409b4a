import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type AdoptedService, startAdoptedService } from '../support/adopted-service.ts';
import { type AdoptionRun, openAdoptionRun } from '../support/adoption-run.ts';
import {
  type AdoptionSubject,
  adoptArguments,
  adoptionSubjects,
} from '../support/adoption-subjects.ts';
import { expectProblem, type SignedIn } from '../support/http-client.ts';
import { loadDump } from '../support/legacy-database.ts';

const CASES = adoptionSubjects.map((subject) => [subject.file, subject] as const);
const NEW_PASSWORD = 'another horse on a staircase';

describe.each(CASES)('when %s has been adopted', (_, subject: AdoptionSubject) => {
  let run: AdoptionRun;
  let service: AdoptedService;
  beforeAll(async () => {
    run = await openAdoptionRun();
    await loadDump(run, subject.file);
    for (const statement of subject.aged) await run.sql(statement);
    expect(await run.latchkey(...adoptArguments(subject))).toMatchObject({ code: 0 });
    service = await startAdoptedService(run);
  });
  afterAll(async () => {
    await service.stop();
    await run.drop();
  });

  const hashOf = async (id: string): Promise<string | null> => {
    const [row] = await run.sql<{ password_hash: string | null }>(
      'SELECT password_hash FROM users WHERE id = $1',
      id,
    );
    return row?.password_hash ?? null;
  };

  const signIn = async (identifier: string, password: string): Promise<SignedIn> => {
    const answer = await service.client.signIn(identifier, password);
    expect({ identifier, status: answer.status }).toStrictEqual({ identifier, status: 201 });
    return answer.json as SignedIn;
  };

  it('refuses a wrong password', async () => {
    for (const { identifiers, password } of subject.signIns) {
      const [identifier = ''] = identifiers;
      expectProblem(await service.client.signIn(identifier, `${password}!`), 'invalid_credentials');
    }
  });

  it('signs everybody in with the old password, and hashes it anew', async () => {
    for (const { id, identifiers, password } of subject.signIns) {
      expect(await hashOf(id)).not.toMatch(/^\$argon2id/);
      for (const identifier of identifiers) {
        expect((await signIn(identifier, password)).user).toMatchObject({ id });
      }
      expect(await hashOf(id)).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    }
  });

  it('has nobody sign in without a password', async () => {
    const without = subject.people.filter(({ id }) =>
      subject.signIns.every((signIns) => signIns.id !== id),
    );
    for (const { email, username } of without) {
      for (const password of ['', 'null', '!']) {
        const identifier = email ?? username ?? '';
        const { status } = await service.client.signIn(identifier, password);
        expect({ identifier, signedIn: status === 201 }).toStrictEqual({
          identifier,
          signedIn: false,
        });
      }
    }
  });

  it('lets somebody with an address and no password choose one by mail', async () => {
    for (const { id, email } of subject.people) {
      if (email === null || subject.signIns.some((known) => known.id === id)) continue;
      await service.client.call('POST', '/v1/password-resets', { body: { email } });
      const token = await service.tokenTo(email);
      const body = { token, newPassword: NEW_PASSWORD };
      const answer = await service.client.call('POST', '/v1/password-resets/confirm', { body });
      expect(answer.status).toBe(204);
      expect((await signIn(email, NEW_PASSWORD)).user).toMatchObject({ id, emailVerified: true });
    }
  });

  it('lets somebody with a name alone add an address, and sign in by either', async () => {
    for (const { id, identifiers, password } of subject.signIns) {
      const [username = ''] = identifiers;
      if (username.includes('@')) continue;
      const { accessToken } = await signIn(username, password);
      const email = `later.${id}@example.net`;
      const asked = await service.client.call('PUT', '/v1/me/email', {
        token: accessToken,
        body: { email, password },
      });
      expect({ username, status: asked.status }).toStrictEqual({ username, status: 202 });
      const token = await service.tokenTo(email);
      const confirmed = await service.client.call('POST', '/v1/email-verifications/confirm', {
        body: { token },
      });
      expect(confirmed.status).toBe(204);
      for (const identifier of [username, email]) {
        expect((await signIn(identifier, password)).user).toMatchObject({
          id,
          email,
          emailVerified: true,
        });
      }
    }
  });

  it('agrees with its events in the end', async () => {
    expect(await run.latchkey('projections', 'verify')).toMatchObject({ code: 0 });
  });
});
