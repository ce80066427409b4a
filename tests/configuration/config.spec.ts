import { createHash } from 'node:crypto';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { readConfig } from '../../src/configuration/config.ts';

const keyOf = (text: string) => createHash('sha256').update(text).digest();
const base64Of = (text: string) => keyOf(text).toString('base64');
const DAY = 86_400;

const production = { LATCHKEY_ENV: 'production', LATCHKEY_MASTER_KEY: base64Of('current') };

describe('when no variable is set', () => {
  it('the configuration is for development on this machine only', () =>
    expect(readConfig({})).toStrictEqual({
      environment: 'development',
      host: '127.0.0.1',
      port: 4000,
      publicUrl: 'http://127.0.0.1:4000',
      audience: 'http://127.0.0.1:4000',
      databaseUrl: undefined,
      eventStoreDb: undefined,
      dataDir: path.resolve('.data'),
      searchPath: '',
      masterKeys: undefined,
      signingAlgorithm: 'ES256',
      registration: 'verify-first',
      session: {
        accessTokenSeconds: 600,
        refreshIdleSeconds: 30 * DAY,
        refreshAbsoluteSeconds: 90 * DAY,
        replay: { graceSeconds: 30, lostResponse: 'revoke', maxReplays: 10 },
        maxAccessTokens: 600,
        theftScope: 'family',
        lockout: { maxFailures: 10, windowSeconds: 900, lockSeconds: 900 },
      },
      oneTimeTokens: {
        email_verification: DAY,
        password_reset: 3600,
        email_change: DAY,
        email_change_undo: 7 * DAY,
        household_invitation: 7 * DAY,
      },
      households: { maxOpenInvitations: 50, maxSendings: 5, resendSeconds: 60, maxMembers: 50 },
      mail: {
        smtpUrl: undefined,
        from: 'Latchkey <no-reply@127.0.0.1>',
        developmentInbox: true,
      },
      checkpointSeconds: 3600,
      rateLimits: true,
      trustedProxies: [],
      passwordWorkers: Math.min(Math.max(availableParallelism() - 1, 1), 3),
      logLevel: 'info',
      seedDemo: true,
    }));

  it('an empty or blank variable counts as not set', () =>
    expect(
      readConfig({ PORT: '', HOST: ' ', LATCHKEY_LOG_LEVEL: '\t', LATCHKEY_MASTER_KEY: ' ' }),
    ).toStrictEqual(readConfig({})));
});

describe('every variable', () => {
  it('is read', () =>
    expect(
      readConfig({
        LATCHKEY_ENV: 'production',
        HOST: '0.0.0.0',
        PORT: '8080',
        LATCHKEY_PUBLIC_URL: 'https://auth.example.org/',
        LATCHKEY_AUDIENCE: 'https://api.example.org',
        DATABASE_URL: 'postgresql://latchkey:secret@db.example.org:5432/latchkey',
        EVENTSTOREDB_URL: 'kurrentdb+discover://latchkey:secret@events.example.org:2113',
        LATCHKEY_EVENTSTOREDB_PREFIX: 'auth',
        LATCHKEY_DATA_DIR: '/var/lib/latchkey',
        PATH: '/usr/bin',
        LATCHKEY_MASTER_KEY: base64Of('current'),
        LATCHKEY_MASTER_KEY_PREVIOUS: base64Of('previous'),
        LATCHKEY_SIGNING_ALGORITHM: 'EdDSA',
        LATCHKEY_REGISTRATION: 'open',
        LATCHKEY_ACCESS_TOKEN_SECONDS: '60',
        LATCHKEY_REFRESH_IDLE_SECONDS: '3600',
        LATCHKEY_REFRESH_ABSOLUTE_SECONDS: '7200',
        LATCHKEY_REFRESH_GRACE_SECONDS: '0',
        LATCHKEY_REFRESH_LOST_RESPONSE: 'recover',
        LATCHKEY_THEFT_SCOPE: 'user',
        LATCHKEY_EMAIL_VERIFICATION_SECONDS: '120',
        LATCHKEY_PASSWORD_RESET_SECONDS: '60',
        LATCHKEY_INVITATION_SECONDS: '240',
        LATCHKEY_HOUSEHOLD_MEMBERS: '8',
        SMTP_URL: 'smtps://latchkey:secret@mail.example.org:465',
        LATCHKEY_MAIL_FROM: 'Example <accounts@example.org>',
        LATCHKEY_CHECKPOINT_SECONDS: '0',
        LATCHKEY_RATE_LIMITS: 'off',
        LATCHKEY_RATE_LIMITS_OFF_IN_PRODUCTION: 'yes',
        LATCHKEY_TRUSTED_PROXIES: '10.0.0.0/8, 2001:db8::/32,192.0.2.1',
        LATCHKEY_PASSWORD_WORKERS: '2',
        LATCHKEY_LOG_LEVEL: 'warn',
        LATCHKEY_SEED_DEMO: 'off',
      }),
    ).toStrictEqual({
      environment: 'production',
      host: '0.0.0.0',
      port: 8080,
      publicUrl: 'https://auth.example.org',
      audience: 'https://api.example.org',
      databaseUrl: 'postgresql://latchkey:secret@db.example.org:5432/latchkey',
      eventStoreDb: {
        url: 'esdb+discover://latchkey:secret@events.example.org:2113',
        prefix: 'auth',
      },
      dataDir: '/var/lib/latchkey',
      searchPath: '/usr/bin',
      masterKeys: [new Uint8Array(keyOf('current')), new Uint8Array(keyOf('previous'))],
      signingAlgorithm: 'EdDSA',
      registration: 'open',
      session: {
        accessTokenSeconds: 60,
        refreshIdleSeconds: 3600,
        refreshAbsoluteSeconds: 7200,
        replay: { graceSeconds: 0, lostResponse: 'recover', maxReplays: 10 },
        maxAccessTokens: undefined,
        theftScope: 'user',
        lockout: { maxFailures: 10, windowSeconds: 900, lockSeconds: 900 },
      },
      oneTimeTokens: {
        email_verification: 120,
        password_reset: 60,
        email_change: 120,
        email_change_undo: 7 * DAY,
        household_invitation: 240,
      },
      households: { maxOpenInvitations: 50, maxSendings: 5, resendSeconds: 60, maxMembers: 8 },
      mail: {
        smtpUrl: 'smtps://latchkey:secret@mail.example.org:465',
        from: 'Example <accounts@example.org>',
        developmentInbox: false,
      },
      checkpointSeconds: 0,
      rateLimits: false,
      trustedProxies: ['10.0.0.0/8', '2001:db8::/32', '192.0.2.1'],
      passwordWorkers: 2,
      logLevel: 'warn',
      seedDemo: false,
    }));

  it('may have spaces around its value', () =>
    expect(readConfig({ PORT: ' 8080\n', LATCHKEY_THEFT_SCOPE: ' user ' })).toMatchObject({
      port: 8080,
      session: { theftScope: 'user' },
    }));
});

describe('the public URL', () => {
  it('is built from host and port unless it is set', () => {
    expect(readConfig({ HOST: 'localhost', PORT: '80' }).publicUrl).toBe('http://localhost:80');
    expect(readConfig({ HOST: '::1' }).publicUrl).toBe('http://[::1]:4000');
  });

  it('is the audience unless that is set', () =>
    expect(readConfig({ LATCHKEY_PUBLIC_URL: 'https://a.example/auth//' })).toMatchObject({
      publicUrl: 'https://a.example/auth',
      audience: 'https://a.example/auth',
    }));
});

describe('mails', () => {
  it('go to the development inbox only where no SMTP server is set', () => {
    const { mail } = readConfig({ SMTP_URL: 'smtp://localhost:2525' });
    expect(mail.developmentInbox).toBe(false);
    expect(readConfig(production).mail.developmentInbox).toBe(false);
  });

  it('are sent from the host of the public URL unless a sender is set', () =>
    expect(readConfig({ LATCHKEY_PUBLIC_URL: 'https://a.example/auth' }).mail.from).toBe(
      'Latchkey <no-reply@a.example>',
    ));
});

describe('in production', () => {
  it('only a master key is required, and no demo account is created', () =>
    expect(readConfig(production)).toMatchObject({
      environment: 'production',
      masterKeys: [new Uint8Array(keyOf('current'))],
      seedDemo: false,
    }));
});
