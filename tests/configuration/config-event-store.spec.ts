import { describe, expect, it } from 'vitest';
import { ConfigurationError, readConfig } from '../../src/configuration/config.ts';

const read = (environment: Readonly<Record<string, string>>) =>
  readConfig(environment).eventStoreDb;
const problemsOf = (environment: Readonly<Record<string, string>>): string => {
  try {
    readConfig(environment);
  } catch (error) {
    if (error instanceof ConfigurationError) return error.message;
    throw error;
  }
  return '';
};

describe('without EVENTSTOREDB_URL', () => {
  it('the log is in PostgreSQL', () => {
    expect(read({})).toBeUndefined();
    expect(read({ EVENTSTOREDB_URL: '' })).toBeUndefined();
  });

  it('LATCHKEY_EVENTSTOREDB_PREFIX is a mistake', () => {
    expect(() => read({ LATCHKEY_EVENTSTOREDB_PREFIX: 'home' })).toThrow(
      'LATCHKEY_EVENTSTOREDB_PREFIX has no effect without EVENTSTOREDB_URL: set both.',
    );
  });
});

describe('EVENTSTOREDB_URL', () => {
  it.each([
    ['esdb://u:p@node:2113', 'esdb://u:p@node:2113'],
    ['esdb://u:p@node', 'esdb://u:p@node'],
    ['esdb://u:p@node/', 'esdb://u:p@node'],
    ['esdb://node:2113?tls=false', 'esdb://node:2113?tls=false'],
    ['esdb://node:2113/?tls=false', 'esdb://node:2113?tls=false'],
    ['esdb://u:p@a:1,b:2,c:3', 'esdb://u:p@a:1,b:2,c:3'],
    ['esdb+discover://u:p@cluster.example.org', 'esdb+discover://u:p@cluster.example.org'],
    ['kurrentdb://u:p@node:2113', 'esdb://u:p@node:2113'],
    ['kurrentdb+discover://u:p@cluster?tls=true', 'esdb+discover://u:p@cluster?tls=true'],
    [
      'esdb://u:p%40ss%2Fword@node?tls=true&tlsCAFile=/etc/ca.crt',
      'esdb://u:p%40ss%2Fword@node?tls=true&tlsCAFile=/etc/ca.crt',
    ],
    [
      'esdb://u:p@node?nodePreference=leader&keepAliveInterval=-1&gossiptimeout=500',
      'esdb://u:p@node?nodePreference=leader&keepAliveInterval=-1&gossiptimeout=500',
    ],
  ])('accepts %s', (value, url) => {
    expect(read({ EVENTSTOREDB_URL: value })).toStrictEqual({ url, prefix: '' });
  });

  it.each([
    'node:2113',
    'http://node:2113',
    'esdb:/node',
    'esdb://',
    'esdb://node:2113',
    'esdb://node:2113?tls=true',
    'esdb+discover://cluster',
    'esdb://u@node',
    'esdb://:p@node',
    'esdb://u:p@',
    'esdb://u:p@node name',
    'esdb://u:p@a,,b',
    'postgresql://u:p@node/db',
    'esdb://u:p@node:port',
    'esdb://u:p@[::1]:2113',
    'esdb://u:100%@node',
    'esdb://u:p@node?tlsCAFile=%',
    'esdb://u:p@node?tls=maybe',
    'esdb://u:p@node?nodePreference=nearest',
    'esdb://u:p@node?gossipTimeout=soon',
    // The library would print the whole address.
    'esdb://u:p@node?unknown=1',
    'esdb://u:p@node?constructor=1',
    'esdb://u:p@node?tlsVerifyCert=false',
    // The library would hide conflicting appends.
    'esdb://u:p@node?throwOnAppendFailure=false',
    'esdb://u:p@node?ThrowOnAppendFailure=false',
  ])('refuses, and does not quote, %s', (value) => {
    const problems = problemsOf({ EVENTSTOREDB_URL: value });
    expect(problems).toContain('EVENTSTOREDB_URL');
    expect(problems).toContain('only with ?tls=false it needs no user');
    expect(problems).not.toContain(value);
  });
});

describe('LATCHKEY_EVENTSTOREDB_PREFIX', () => {
  const url = 'esdb://u:p@node';
  const prefixed = (prefix: string) => ({
    EVENTSTOREDB_URL: url,
    LATCHKEY_EVENTSTOREDB_PREFIX: prefix,
  });

  it.each(['a', 'Home', 'home.', 'home_2.', `a${'b'.repeat(39)}`])('accepts %s', (prefix) => {
    expect(read(prefixed(prefix))).toStrictEqual({ url, prefix });
  });

  it.each(['home-', '$home', '2nd', '.home', 'hö', 'ho me', `a${'b'.repeat(40)}`])(
    'refuses %s',
    (prefix) => {
      expect(problemsOf(prefixed(prefix))).toContain('LATCHKEY_EVENTSTOREDB_PREFIX');
    },
  );
});
