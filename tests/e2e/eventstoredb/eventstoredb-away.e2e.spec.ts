import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../../support/kernel/eventually.ts';
import {
  type EventStoreJourney,
  startEventStoreJourney,
} from '../../support/servers/eventstoredb-journey.ts';
import {
  type Answer,
  createHttpClient,
  expectPair,
  expectProblem,
  expectSignedIn,
  type HttpClient,
  PASSWORD,
  type SignedIn,
} from '../../support/servers/http-client.ts';
import { countTypes } from '../../support/servers/log-of.ts';

const newcomer = { email: 'late@example.com', password: PASSWORD, displayName: 'Late' };

describe.each([
  { how: 'refuses connections' as const },
  { how: 'takes calls and answers none' as const },
])('when the event store $how while the service runs', ({ how }) => {
  let journey: EventStoreJourney;
  let client: HttpClient;
  let session: SignedIn;
  let other: SignedIn;

  const away = async () => {
    const { faults, pause } = journey.double;
    if (how === 'refuses connections') return pause();
    for (const method of ['append', 'readStream', 'readAll'] as const) {
      faults.always(method, { kind: 'hang' });
    }
    faults.stallSubscriptions();
  };
  const back = async () => {
    const { faults, resume } = journey.double;
    if (how === 'refuses connections') return resume();
    faults.clear();
    faults.resumeSubscriptions();
  };
  const isReady = async () => (await client.call('GET', '/health/ready')).status === 200;

  beforeAll(async () => {
    journey = await startEventStoreJourney();
    client = createHttpClient((await journey.start()).url);
    session = await client.signUp();
    other = await client.signUp();
    await eventually(isReady, 'it is ready');
    await away();
  });
  afterAll(async () => {
    client.close();
    await journey.close();
  });

  /** Expects a 503 that asks the client to try again. */
  const expectRefused = async (asking: Promise<Answer>): Promise<void> => {
    const answer = await asking;
    expectProblem(answer, 'service_unavailable');
    expect(answer.headers['retry-after']).toBe('1');
  };

  it('requests that need the log are answered 503', async () => {
    const token = session.accessToken;
    await Promise.all(
      [
        client.call('POST', '/v1/users', { body: newcomer }),
        client.signIn(session.user.email),
        client.refresh(session.refreshToken),
        client.call('PATCH', '/v1/me', { token, body: { displayName: 'Anna' } }),
        client.call('POST', '/v1/households', { token, body: { name: 'The Flat' } }),
        client.call('DELETE', '/v1/sessions/current', { token: other.accessToken }),
      ].map(expectRefused),
    );
  });

  it('requests that need only the tables are answered', async () => {
    expect((await client.me(session.accessToken)).status).toBe(200);
    const sessions = await client.call('GET', '/v1/sessions', { token: session.accessToken });
    expect(sessions.status).toBe(200);
  });

  it('the process is alive, and reports that it is not ready', async () => {
    expect((await client.call('GET', '/health/live')).status).toBe(200);
    const ready = await client.call('GET', '/health/ready');
    expect(ready.status).toBe(503);
    expect(ready.json).toMatchObject({ status: 'not_ready', failing: ['event store'] });
  });

  it('the service recovers by itself, with no event lost, incomplete or duplicated', async () => {
    await back();
    await eventually(isReady, 'it is ready again');
    expectPair(await client.refresh(session.refreshToken));
    expectSignedIn(await client.signIn(session.user.email));
    const { status } = await client.call('POST', '/v1/users', { body: newcomer });
    expect([201, 409]).toContain(status);
    expectSignedIn(await client.signIn(newcomer.email));
    const gone = await client.call('DELETE', '/v1/sessions/current', { token: other.accessToken });
    expect([204, 401]).toContain(gone.status);
    expectProblem(await client.refresh(other.refreshToken), 'refresh_token_invalid');

    const { UserRegistered, TokenFamilyRevoked, RefreshTokenRotated } = countTypes(
      await journey.log(),
    );
    expect({ UserRegistered, TokenFamilyRevoked, RefreshTokenRotated }).toStrictEqual({
      UserRegistered: 3,
      TokenFamilyRevoked: 1,
      RefreshTokenRotated: 1,
    });
    await journey.expectSound();
  });
});
