import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { ConfigurationError, readConfig } from '../../src/configuration/config.ts';

const DAY = 86_400;
const key = createHash('sha256').update('current').digest('base64');
const production = { LATCHKEY_ENV: 'production', LATCHKEY_MASTER_KEY: key };

/** The lines of the message that lists every mistake. */
const mistakesIn = (environment: Record<string, string>): readonly string[] => {
  try {
    readConfig(environment);
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    const [head, ...lines] = error.message.split('\n');
    expect(head).toBe('The configuration cannot be used:');
    return lines.map((line) => line.replace(/^ {2}- /, ''));
  }
  return [];
};

describe('LATCHKEY_PUBLIC_URL', () => {
  it.each([
    'auth.example.org',
    'ftp://a.example',
    'https://a.example/?x=1',
    'https://a.example/#x',
  ])('refuses %s', (url) =>
    expect(mistakesIn({ LATCHKEY_PUBLIC_URL: url })).toStrictEqual([
      'LATCHKEY_PUBLIC_URL has to be an http or https address without query, such as https://auth.example.org.',
    ]),
  );
});

describe('a whole number', () => {
  it.each(['0', '65535'])('accepts the bounds of its range: PORT=%s', (port) =>
    expect(readConfig({ PORT: port }).port).toBe(Number(port)),
  );

  it.each(['65536', '-1', '80.5', '8e1', '0x50', 'eighty', '80 90', '9'.repeat(13)])(
    'refuses %s',
    (port) =>
      expect(mistakesIn({ PORT: port })).toStrictEqual([
        'PORT has to be a whole number from 0 to 65535.',
      ]),
  );

  it.each([
    ['LATCHKEY_ACCESS_TOKEN_SECONDS', '0', 1, DAY],
    ['LATCHKEY_ACCESS_TOKEN_SECONDS', '86401', 1, DAY],
    ['LATCHKEY_REFRESH_IDLE_SECONDS', '0', 1, 3650 * DAY],
    ['LATCHKEY_REFRESH_ABSOLUTE_SECONDS', '315360001', 1, 3650 * DAY],
    ['LATCHKEY_REFRESH_GRACE_SECONDS', '3601', 0, 3600],
    ['LATCHKEY_EMAIL_VERIFICATION_SECONDS', '0', 1, 30 * DAY],
    ['LATCHKEY_PASSWORD_RESET_SECONDS', `${7 * DAY + 1}`, 1, 7 * DAY],
    ['LATCHKEY_INVITATION_SECONDS', '0', 1, 90 * DAY],
    ['LATCHKEY_INVITATION_SECONDS', `${90 * DAY + 1}`, 1, 90 * DAY],
    ['LATCHKEY_HOUSEHOLD_MEMBERS', '0', 1, 1_000],
    ['LATCHKEY_HOUSEHOLD_MEMBERS', '1001', 1, 1_000],
    ['LATCHKEY_PASSWORD_WORKERS', '0', 1, 64],
    ['LATCHKEY_PASSWORD_WORKERS', '65', 1, 64],
    ['LATCHKEY_CHECKPOINT_SECONDS', '2592001', 0, 2592000],
  ])('refuses a value outside its range: %s=%s', (name, value, min, max) =>
    expect(mistakesIn({ [name]: value })).toStrictEqual([
      `${name} has to be a whole number from ${min} to ${max}.`,
    ]),
  );
});

describe('a choice', () => {
  it.each([
    ['LATCHKEY_ENV', 'development, production'],
    ['LATCHKEY_SIGNING_ALGORITHM', 'ES256, EdDSA, RS256'],
    ['LATCHKEY_REGISTRATION', 'verify-first, open'],
    ['LATCHKEY_REFRESH_LOST_RESPONSE', 'revoke, recover'],
    ['LATCHKEY_THEFT_SCOPE', 'family, user'],
    ['LATCHKEY_LOG_LEVEL', 'fatal, error, warn, info, debug, trace, silent'],
    ['LATCHKEY_SEED_DEMO', 'on, off'],
    ['LATCHKEY_RATE_LIMITS', 'on, off'],
    ['LATCHKEY_RATE_LIMITS_OFF_IN_PRODUCTION', 'yes, no'],
  ])('refuses any other value: %s', (name, offered) =>
    expect(mistakesIn({ [name]: 'other' })).toStrictEqual([`${name} has to be one of ${offered}.`]),
  );

  it('is not guessed from a similar value', () =>
    expect(mistakesIn({ LATCHKEY_THEFT_SCOPE: 'USER', LATCHKEY_ENV: 'prod' })).toHaveLength(2));
});

describe('DATABASE_URL and LATCHKEY_TRUSTED_PROXIES', () => {
  it.each([
    'postgres://localhost/latchkey',
    'postgresql:///latchkey?host=/run/postgresql',
    'postgresql://user:p%40ss@[::1]:5432/latchkey?sslmode=require',
    'postgresql://user@/latchkey?host=/run/postgresql',
  ])('DATABASE_URL accepts %s', (url) =>
    expect(readConfig({ DATABASE_URL: url }).databaseUrl).toBe(url),
  );

  it.each([
    'localhost:5432',
    'mysql://localhost/latchkey',
    'postgresql://',
    'postgresql://a:b:c/d',
  ])('DATABASE_URL refuses %s', (url) =>
    expect(mistakesIn({ DATABASE_URL: url })).toStrictEqual([
      'DATABASE_URL has to be a PostgreSQL address such as postgresql://user:password@host:5432/database.',
    ]),
  );

  it.each(['loopback', '10.0.0.0/33', '::1/129', '10.0.0.0/', '10.0.0.0/8/9', '10.0.0.1,', '*'])(
    'LATCHKEY_TRUSTED_PROXIES refuses %s',
    (networks) =>
      expect(mistakesIn({ LATCHKEY_TRUSTED_PROXIES: networks })).toStrictEqual([
        'LATCHKEY_TRUSTED_PROXIES has to be addresses or networks, separated by commas, such as 10.0.0.0/8.',
      ]),
  );
});

describe('mail settings', () => {
  it.each(['mail.example.org', 'http://mail.example.org', 'smtp://', 'smtp:mail.example.org'])(
    'SMTP_URL refuses %s',
    (url) =>
      expect(mistakesIn({ SMTP_URL: url })).toStrictEqual([
        'SMTP_URL has to be an address such as smtp://user:password@mail.example.org:587.',
      ]),
  );

  it.each([
    'Latchkey',
    'a@example.org, b@example.org',
    'Latchkey <a@example.org',
    'A\r\nBcc: b@example.org <a@example.org>',
  ])('LATCHKEY_MAIL_FROM refuses %s', (sender) =>
    expect(mistakesIn({ LATCHKEY_MAIL_FROM: sender })).toStrictEqual([
      'LATCHKEY_MAIL_FROM has to be one sender, such as Example <no-reply@example.org>.',
    ]),
  );
});

describe('lifetimes', () => {
  it('the idle lifetime may equal the absolute lifetime', () =>
    expect(mistakesIn({ LATCHKEY_REFRESH_IDLE_SECONDS: `${90 * DAY}` })).toStrictEqual([]));

  it('the idle lifetime may not be longer than the absolute lifetime', () =>
    expect(mistakesIn({ LATCHKEY_REFRESH_IDLE_SECONDS: `${90 * DAY + 1}` })).toStrictEqual([
      'LATCHKEY_REFRESH_IDLE_SECONDS must not be longer than LATCHKEY_REFRESH_ABSOLUTE_SECONDS.',
    ]));
});

describe('in production', () => {
  it('a missing master key is a mistake', () =>
    expect(mistakesIn({ LATCHKEY_ENV: 'production' })).toStrictEqual([
      'LATCHKEY_MASTER_KEY is required in production; generate one with: openssl rand -base64 32',
    ]));

  it('demo data are a mistake', () =>
    expect(mistakesIn({ ...production, LATCHKEY_SEED_DEMO: 'on' })).toStrictEqual([
      'LATCHKEY_SEED_DEMO must not be on in production.',
    ]));

  it('rate limits that are off are a mistake, unless a proxy is confirmed to limit instead', () => {
    const unlimited = { ...production, LATCHKEY_RATE_LIMITS: 'off' };
    expect(mistakesIn(unlimited)).toStrictEqual([
      'LATCHKEY_RATE_LIMITS must not be off in production; if a proxy limits instead, set LATCHKEY_RATE_LIMITS_OFF_IN_PRODUCTION=yes as well.',
    ]);
    expect(
      mistakesIn({ ...unlimited, LATCHKEY_RATE_LIMITS_OFF_IN_PRODUCTION: 'yes' }),
    ).toStrictEqual([]);
  });

  it('a malformed variable is reported as in development', () =>
    expect(mistakesIn({ ...production, LATCHKEY_SEED_DEMO: 'perhaps' })).toStrictEqual([
      'LATCHKEY_SEED_DEMO has to be one of on, off.',
    ]));
});

describe('a master key', () => {
  it.each([
    ['AAAA', 'A master key has 32 bytes, this one has 3.'],
    [
      Buffer.alloc(32, 7).toString('base64'),
      'This master key is not random; generate one with: openssl rand -base64 32',
    ],
    ['correct horse!', 'A master key is base64 text; generate one with: openssl rand -base64 32'],
  ])('refuses %s', (key, reason) => {
    expect(mistakesIn({ LATCHKEY_MASTER_KEY: key })).toStrictEqual([
      `LATCHKEY_MASTER_KEY: ${reason}`,
    ]);
    expect(mistakesIn({ ...production, LATCHKEY_MASTER_KEY_PREVIOUS: key })).toStrictEqual([
      `LATCHKEY_MASTER_KEY_PREVIOUS: ${reason}`,
    ]);
  });

  it('refuses a previous key with the same id as the current one', () => {
    expect(mistakesIn({ ...production, LATCHKEY_MASTER_KEY_PREVIOUS: key })).toStrictEqual([
      'LATCHKEY_MASTER_KEY cannot follow this LATCHKEY_MASTER_KEY_PREVIOUS: generate another one.',
    ]);
  });
});

describe('when several variables are wrong', () => {
  it('one message names them all', () =>
    expect(
      mistakesIn({
        LATCHKEY_ENV: 'production',
        PORT: 'http',
        DATABASE_URL: 'db',
        LATCHKEY_THEFT_SCOPE: 'all',
        LATCHKEY_SEED_DEMO: 'on',
        LATCHKEY_TRUSTED_PROXIES: 'any',
      }).map((mistake) => mistake.split(' ')[0]),
    ).toStrictEqual([
      'PORT',
      'DATABASE_URL',
      'LATCHKEY_MASTER_KEY',
      'LATCHKEY_THEFT_SCOPE',
      'LATCHKEY_TRUSTED_PROXIES',
      'LATCHKEY_SEED_DEMO',
    ]));

  it.each([
    'PORT',
    'LATCHKEY_ENV',
    'LATCHKEY_PUBLIC_URL',
    'DATABASE_URL',
    'EVENTSTOREDB_URL',
    'LATCHKEY_MASTER_KEY',
    'LATCHKEY_MASTER_KEY_PREVIOUS',
    'LATCHKEY_SIGNING_ALGORITHM',
    'LATCHKEY_REGISTRATION',
    'LATCHKEY_ACCESS_TOKEN_SECONDS',
    'LATCHKEY_REFRESH_LOST_RESPONSE',
    'LATCHKEY_TRUSTED_PROXIES',
    'SMTP_URL',
    'LATCHKEY_MAIL_FROM',
    'LATCHKEY_RATE_LIMITS',
    'LATCHKEY_LOG_LEVEL',
    'LATCHKEY_SEED_DEMO',
  ])('the message never quotes the value of %s, which may be a secret', (name) => {
    const message = mistakesIn({ [name]: 'hunter2' }).join();
    expect(message).toContain(name);
    expect(message).not.toContain('hunter2');
  });
});
