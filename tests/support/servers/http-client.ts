import http from 'node:http';
import net from 'node:net';
import { expect } from 'vitest';
import {
  type ErrorCode,
  problemByCode,
} from '../../../src/adapters/http/problems/problem-details.ts';

export type Answer = Readonly<{
  status: number;
  headers: http.IncomingHttpHeaders;
  text: string;
  /** The parsed body; undefined without a body or when it is not JSON. */
  json: unknown;
}>;

export type Call = Readonly<{
  /** Sent as JSON. */
  body?: unknown;
  /** Sent as it is; set `content-type` in `headers`. */
  raw?: string | Buffer;
  /** The access token. */
  token?: string;
  agent?: string;
  headers?: http.OutgoingHttpHeaders;
}>;

export type TokenPair = Readonly<{
  tokenType: string;
  accessToken: string;
  expiresIn: number;
  refreshToken: string;
  refreshExpiresIn: number;
  sessionId: string;
}>;

export type SignedIn = TokenPair & Readonly<{ user: Readonly<{ id: string; email: string }> }>;

export const AGENT = 'Laptop/1.0 (tests)';
export const PASSWORD = 'a horse on a staircase';

const parse = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

const send = (base: URL, agent: http.Agent, method: string, path: string, call: Call) =>
  new Promise<Answer>((resolve, reject) => {
    const body = call.body === undefined ? call.raw : JSON.stringify(call.body);
    const headers = {
      'user-agent': call.agent ?? AGENT,
      ...(call.body !== undefined && { 'content-type': 'application/json' }),
      ...(body !== undefined &&
        call.headers?.['transfer-encoding'] === undefined && {
          'content-length': Buffer.byteLength(body),
        }),
      ...(call.token !== undefined && { authorization: `Bearer ${call.token}` }),
      ...call.headers,
    };
    const { hostname, port } = base;
    // Not `fetch`, which normalises paths and headers: hostile ones must arrive unchanged.
    const request = http.request({ hostname, port, method, path, headers, agent }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => {
        const text = Buffer.concat(chunks).toString();
        const { statusCode: status = 0, headers } = response;
        resolve({ status, headers, text, json: parse(text) });
      });
    });
    request.on('error', reject);
    request.end(body);
  });

export type HttpClient = ReturnType<typeof createHttpClient>;

/** Sends requests to a running Latchkey as an application does. */
export const createHttpClient = (url: string) => {
  const agent = new http.Agent({ keepAlive: true, maxSockets: 64 });
  const call = (method: string, path: string, options: Call = {}): Promise<Answer> =>
    send(new URL(url), agent, method, path, options);

  const refresh = (refreshToken: string, userAgent = AGENT): Promise<Answer> =>
    call('POST', '/v1/sessions/refresh', { body: { refreshToken }, agent: userAgent });

  let accounts = 0;
  return {
    call,
    refresh,
    me: (token: string): Promise<Answer> => call('GET', '/v1/me', { token }),
    signIn: (identifier: string, password = PASSWORD, userAgent = AGENT): Promise<Answer> =>
      call('POST', '/v1/sessions', { body: { identifier, password }, agent: userAgent }),
    /** Registers a new user, who is signed in. */
    signUp: async (profile: object = {}): Promise<SignedIn> => {
      accounts += 1;
      const email = `person-${process.pid}-${Date.now()}-${accounts}@example.com`;
      const body = { email, password: PASSWORD, displayName: 'Ann', ...profile };
      return expectSignedIn(await call('POST', '/v1/users', { body }));
    },
    /** Refreshes repeatedly. @returns every pair, the given one first */
    rotate: async (pair: TokenPair, times: number): Promise<readonly TokenPair[]> => {
      const pairs = [pair];
      for (let n = 0; n < times; n += 1) {
        const [latest] = pairs.slice(-1);
        pairs.push(expectPair(await refresh(latest?.refreshToken ?? '')));
      }
      return pairs;
    },
    close: (): void => agent.destroy(),
  };
};

/** Asserts a token pair without further members. */
export const expectPair = (answer: Answer): TokenPair => {
  expect(answer.json).toStrictEqual({
    tokenType: 'Bearer',
    accessToken: expect.stringMatching(/^[\w-]+\.[\w-]+\.[\w-]+$/),
    expiresIn: expect.any(Number),
    refreshToken: expect.stringMatching(/^lkr_[\w-]{94}$/),
    refreshExpiresIn: expect.any(Number),
    sessionId: expect.stringMatching(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/),
  });
  expect(answer.status).toBe(200);
  expect(answer.headers['cache-control']).toBe('no-store');
  return answer.json as TokenPair;
};

/** Asserts that a user was signed in. */
export const expectSignedIn = (answer: Answer): SignedIn => {
  expect(answer).toMatchObject({ status: 201, headers: { 'cache-control': 'no-store' } });
  const { user, ...pair } = answer.json as SignedIn;
  expectPair({ ...answer, status: 200, json: pair });
  expect(user.id).toMatch(/^user_[0-9a-z]{26}$/);
  return { ...pair, user };
};

/** Asserts a problem document with this code, and with documented members only. */
export const expectProblem = (answer: Answer, code: ErrorCode): void => {
  expect(answer.json).toMatchObject({ code });
  expectDocumentedProblem(answer);
};

/** Asserts a problem document with any documented code. */
export const expectDocumentedProblem = (answer: Answer): void => {
  const { errors, ...problem } = answer.json as { code: ErrorCode; errors?: unknown };
  const { status, title } = problemByCode[problem.code];
  expect(problem).toStrictEqual({ type: 'about:blank', title, status, code: problem.code });
  expect(answer.status).toBe(status);
  expect(answer.headers['content-type']).toBe('application/problem+json');
  expect(answer.headers['cache-control']).toBe('no-store');
  if (errors === undefined) return;
  for (const error of errors as object[]) {
    expect(Object.keys(error)).toStrictEqual(['path', 'message']);
  }
};

/** Writes raw bytes to the server. @returns everything received until the end */
export const sendBytes = (url: string, bytes: string): Promise<string> =>
  new Promise((resolve, reject) => {
    const { hostname, port } = new URL(url);
    const socket = net.connect({ host: hostname, port: Number(port) }, () => socket.write(bytes));
    let received = '';
    socket.setEncoding('latin1').on('data', (chunk: string) => {
      received += chunk;
    });
    socket.on('error', reject);
    socket.on('close', () => resolve(received));
  });
