import { expect, vi } from 'vitest';
import {
  createHttpClient,
  expectProblem,
  type HttpClient,
  type SignedIn,
} from '../servers/http-client.ts';
import {
  newMasterKey,
  runLatchkey,
  type ServerProcess,
  startServerProcess,
} from '../servers/latchkey-process.ts';
import { createTestDatabase } from '../servers/test-database.ts';

/** A service with three ended sessions: signed out, stolen, and ended with its user. */
export type RevokedSessions = Readonly<{
  client: () => HttpClient;
  server: () => ServerProcess;
  deactivated: SignedIn;
  /** Runs `latchkey …`, which must succeed. @returns its output */
  latchkey: (...args: readonly string[]) => Promise<string>;
  /** Stops the service, runs `meanwhile` and starts it again. */
  restart: (meanwhile?: () => Promise<void>) => Promise<void>;
  /** Fails unless exactly the revoked tokens are refused. */
  expectAllAsBefore: () => Promise<void>;
  close: () => Promise<void>;
}>;

export const revokeSessions = async (): Promise<RevokedSessions> => {
  const database = await createTestDatabase();
  const environment = {
    DATABASE_URL: database.connectionString,
    LATCHKEY_MASTER_KEY: newMasterKey(),
    LATCHKEY_PUBLIC_URL: 'http://auth.example.test',
    LATCHKEY_LOG_LEVEL: 'silent',
  };
  let server = await startServerProcess(environment);
  let client = createHttpClient(server.url);

  const latchkey = async (...args: readonly string[]): Promise<string> => {
    const { code, stdout, stderr } = await runLatchkey(args, environment);
    expect({ code, stderr }).toStrictEqual({ code: 0, stderr: '' });
    return stdout;
  };

  const signedOut = await client.signUp();
  const stolen = await client.signUp();
  const deactivated = await client.signUp();
  const untouched = await client.signUp();
  await client.call('DELETE', '/v1/sessions/current', { token: signedOut.accessToken });
  await client.rotate(stolen, 2);
  expectProblem(await client.refresh(stolen.refreshToken, 'a thief'), 'refresh_token_reused');
  await latchkey('users', 'deactivate', deactivated.user.id);
  // The command ran in another process; its feed informs this one.
  await vi.waitFor(
    async () => expectProblem(await client.me(deactivated.accessToken), 'access_token_invalid'),
    { timeout: 10_000 },
  );

  return {
    client: () => client,
    server: () => server,
    deactivated,
    latchkey,
    restart: async (meanwhile) => {
      client.close();
      await server.stop();
      await meanwhile?.();
      server = await startServerProcess(environment);
      client = createHttpClient(server.url);
    },
    expectAllAsBefore: async () => {
      for (const { accessToken, refreshToken } of [signedOut, stolen, deactivated]) {
        expectProblem(await client.me(accessToken), 'access_token_invalid');
        expectProblem(await client.refresh(refreshToken), 'refresh_token_invalid');
      }
      expectProblem(await client.signIn(deactivated.user.email), 'invalid_credentials');
      expect((await client.me(untouched.accessToken)).status).toBe(200);
    },
    close: async () => {
      client.close();
      await server.stop();
      await database.drop();
    },
  };
};
