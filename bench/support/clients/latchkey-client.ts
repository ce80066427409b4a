import { randomBytes } from 'node:crypto';
import { type Answer, connectHttp, type HttpConnection, httpRequest } from './http-connection.ts';

/** A client's session: its refresh token is replaced at each refresh. */
export type ClientSession = { accessToken: string; refreshToken: string };

export type Account = Readonly<{ email: string; password: string }>;

/** One client on one connection. */
export type LatchkeyClient = Readonly<{
  register(account: Account): Promise<ClientSession>;
  signIn(account: Account): Promise<ClientSession>;
  /** Exchanges the session's token for the next one. */
  refresh(session: ClientSession): Promise<void>;
  /** Presents `refreshToken` and expects the answer `refresh_token_reused`. */
  replay(refreshToken: string): Promise<void>;
  readProfile(accessToken: string): Promise<void>;
  close(): void;
}>;

export const newAccount = (): Account => ({
  email: `${randomBytes(9).toString('hex')}@bench.example.com`,
  password: 'a horse on a staircase',
});

const expectStatus = (expected: number, { status, body }: Answer): string => {
  if (status !== expected) throw new Error(`${status} instead of ${expected}: ${body}`);
  return body;
};

const sessionFrom = (body: string): ClientSession => {
  const { accessToken, refreshToken } = JSON.parse(body) as ClientSession;
  return { accessToken, refreshToken };
};

const overConnection = (connection: HttpConnection): LatchkeyClient => {
  const post = async (path: string, body: object, status: number): Promise<string> =>
    expectStatus(status, await connection.send(httpRequest('POST', path, { body })));
  return {
    register: async (account) =>
      sessionFrom(await post('/v1/users', { ...account, displayName: 'Bench' }, 201)),
    signIn: async ({ email, password }) =>
      sessionFrom(await post('/v1/sessions', { identifier: email, password }, 201)),
    refresh: async (session) => {
      const { refreshToken } = session;
      Object.assign(
        session,
        sessionFrom(await post('/v1/sessions/refresh', { refreshToken }, 200)),
      );
    },
    replay: async (refreshToken) => {
      const body = await post('/v1/sessions/refresh', { refreshToken }, 401);
      if (!body.includes('refresh_token_reused'))
        throw new Error(`not reported as a theft: ${body}`);
    },
    readProfile: async (token) => {
      expectStatus(200, await connection.send(httpRequest('GET', '/v1/me', { token })));
    },
    close: connection.close,
  };
};

/** Connects `count` clients, each on a connection of its own. */
export const connectClients = (port: number, count: number): Promise<readonly LatchkeyClient[]> =>
  Promise.all(Array.from({ length: count }, async () => overConnection(await connectHttp(port))));
