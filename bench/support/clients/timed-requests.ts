import { type HttpConnection, httpRequest } from './http-connection.ts';
import type { Account } from './latchkey-client.ts';

/** A POST request and the expected status. */
export type Request = Readonly<{ path: string; body: object; status: number }>;

export const signIn = ({ email, password }: Account, status = 401): Request => ({
  path: '/v1/sessions',
  body: { identifier: email, password },
  status,
});

export const signUp = (account: Account): Request => ({
  path: '/v1/users',
  body: { ...account, displayName: 'Bench' },
  status: 202,
});

export const passwordReset = ({ email }: Account): Request => ({
  path: '/v1/password-resets',
  body: { email },
  status: 202,
});

export const verificationMail = ({ email }: Account): Request => ({
  path: '/v1/email-verifications',
  body: { email },
  status: 202,
});

export const withWrongPassword = (account: Account): Account => ({
  ...account,
  password: 'a mule on an escalator',
});

/** Yields the accounts in turn, starting again after the last. */
export const roundRobin = (accounts: readonly Account[]): (() => Account) => {
  let next = 0;
  return () => {
    const account = accounts[next % accounts.length];
    if (account === undefined) throw new RangeError('no account');
    next += 1;
    return account;
  };
};

/**
 * Sends a request. @returns milliseconds until the answer
 * @throws Error when the answer has another status
 */
export const timeRequest = async (
  connection: HttpConnection,
  request: Request,
): Promise<number> => {
  const { path, body, status: expected } = request;
  const text = httpRequest('POST', path, { body });
  const began = performance.now();
  const answer = await connection.send(text);
  const ms = performance.now() - began;
  if (answer.status !== expected) {
    throw new Error(`${path}: ${answer.status} instead of ${expected}: ${answer.body}`);
  }
  return ms;
};
