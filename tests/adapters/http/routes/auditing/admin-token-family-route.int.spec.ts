import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { tokens } from '../../../../../src/composition/system-tokens.ts';
import { signUpAdmin } from '../../../../support/administration/administrators.ts';
import { AGENT, expectProblem, type SignedIn } from '../../../../support/servers/http-client.ts';
import { type RunningApp, startRunningApp } from '../../../../support/servers/running-app.ts';

let app: RunningApp;
let admin: SignedIn;
beforeAll(async () => {
  app = await startRunningApp();
  admin = await signUpAdmin(app);
});
afterAll(() => app.close());

const replay = (id: string) =>
  app.client.call('GET', `/v1/admin/token-families/${id}`, { token: admin.accessToken });

describe('a token family with a theft', () => {
  it('is answered in full, like on the command line', async () => {
    const person = await app.client.signUp();
    await app.client.rotate(person, 2);
    await app.client.refresh(person.refreshToken, 'Thief/1.0');

    const answer = await replay(person.sessionId);

    expect(answer).toMatchObject({ status: 200, headers: { 'cache-control': 'no-store' } });
    expect(answer.json).toStrictEqual(await app.get(tokens.replayTheft)(person.sessionId));
    expect(answer.json).toMatchObject({
      familyId: person.sessionId,
      userId: person.user.id,
      theft: {
        cause: 'older_generation',
        presentedGeneration: 0,
        currentGeneration: 2,
        presenter: { ip: '127.0.0.1', userAgent: 'Thief/1.0' },
        holder: { ip: '127.0.0.1', userAgent: AGENT },
      },
      revocation: { reason: 'theft' },
      chain: { intact: true, firstBroken: null },
    });
  });
});

describe('a live token family', () => {
  it('is answered with its events so far', async () => {
    const { sessionId } = await app.client.signUp();

    const { json } = await replay(sessionId);

    expect(json).toStrictEqual(await app.get(tokens.replayTheft)(sessionId));
    expect(json).toMatchObject({ theft: null, revocation: null });
  });
});

describe('an unknown token family', () => {
  it('is not found', async () => {
    expectProblem(await replay('00000000-0000-4000-8000-000000000000'), 'session_not_found');
  });

  it.each(['x', '%00', '00000000-0000-4000-8000-00000000000G'])(
    'is refused with the malformed id %s',
    async (id) => {
      expectProblem(await replay(id), 'validation_failed');
    },
  );
});
