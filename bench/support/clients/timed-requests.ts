import { type HttpConnection, httpRequest } from './http-connection.ts';
import type { Account } from './latchkey-client.ts';

/** A POST request and the status it must be answered with. */
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

/** One after the other, and from the start again. */
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
 * @returns milliseconds until the answer
 * @throws Error for any other answer than the expected one
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
