import { isIP } from 'node:net';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { deriveKeyRing, type MasterKey, parseMasterKey } from '../adapters/system/master-key.ts';
import { type SigningAlgorithm, signingAlgorithms } from '../adapters/tokens/signing-key.ts';
import type { OneTimeTokenLifetimes } from '../application/identity/one-time-tokens.ts';
import type { SessionPolicy } from '../application/sessions/session-policy.ts';
import type { HouseholdPolicy } from '../domain/household/household-commands.ts';
import { readEventStoreDb } from './config-event-store.ts';
import { readHouseholdPolicy, readOneTimeTokens, readSessionPolicy } from './config-policies.ts';
import { createReader, type Environment, type Reader } from './config-reader.ts';

export type Config = Readonly<{
  environment: 'development' | 'production';
  host: string;
  port: number;
  /** Issuer of tokens and base of links. */
  publicUrl: string;
  audience: string;
  /** Undefined: an embedded PostgreSQL in the data directory. */
  databaseUrl: string | undefined;
  /** Undefined: the event log is in the database. */
  eventStoreDb: Readonly<{ url: string; prefix: string }> | undefined;
  dataDir: string;
  /** `PATH`, to find an installed PostgreSQL where the embedded one does not run. */
  searchPath: string;
  /** The current key first; undefined: generated in the data directory (development only). */
  masterKeys: readonly [current: MasterKey, ...previous: MasterKey[]] | undefined;
  signingAlgorithm: SigningAlgorithm;
  /** Whether an address must be verified before its account can be used. */
  registration: 'verify-first' | 'open';
  session: SessionPolicy;
  oneTimeTokens: OneTimeTokenLifetimes;
  households: HouseholdPolicy;
  mail: Readonly<{
    /** Undefined: mails go to the development inbox, or wait where there is none. */
    smtpUrl: string | undefined;
    from: string;
    developmentInbox: boolean;
  }>;
  /** Seconds between two checkpoints of the log; 0: none is made automatically. */
  checkpointSeconds: number;
  rateLimits: boolean;
  trustedProxies: readonly string[];
  passwordWorkers: number;
  logLevel: string;
  seedDemo: boolean;
}>;

/** Lists every mistake of the configuration, one line each. */
export class ConfigurationError extends Error {
  constructor(mistakes: readonly string[]) {
    super(`The configuration cannot be used:\n${mistakes.map((m) => `  - ${m}`).join('\n')}`);
    this.name = 'ConfigurationError';
  }
}

const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;
/** libuv has four threads; hashing must leave some to file reads and name look-ups. */
const MAX_DEFAULT_WORKERS = 3;

const isWebUrl = (value: string): boolean =>
  URL.canParse(value) && /^https?:$/.test(new URL(value).protocol);

const readPublicUrl = ({ parsed }: Reader, host: string, port: number): string => {
  const shownHost = isIP(host) === 6 ? `[${host}]` : host;
  return parsed(
    'LATCHKEY_PUBLIC_URL',
    `http://${shownHost}:${port}`,
    (value) => {
      const plain = isWebUrl(value) && new URL(value).search === '' && new URL(value).hash === '';
      return plain ? value.replace(/\/+$/, '') : undefined;
    },
    'an http or https address without query, such as https://auth.example.org',
  );
};

const keyIdOf = (key: MasterKey): number => deriveKeyRing([key], 'key-id').current.id;

const readMasterKeys = ({ text, mistakes }: Reader, production: boolean): Config['masterKeys'] => {
  const read = (name: string): MasterKey | undefined => {
    const value = text(name);
    if (value === undefined) return undefined;
    try {
      return parseMasterKey(value);
    } catch (error) {
      mistakes.push(`${name}: ${error instanceof Error ? error.message : 'unusable'}`);
      return undefined;
    }
  };
  const current = read('LATCHKEY_MASTER_KEY');
  const previous = read('LATCHKEY_MASTER_KEY_PREVIOUS');
  if (production && text('LATCHKEY_MASTER_KEY') === undefined) {
    mistakes.push(
      'LATCHKEY_MASTER_KEY is required in production; generate one with: openssl rand -base64 32',
    );
  }
  if (current === undefined) return undefined;
  if (previous === undefined) return [current];
  // Tokens and data keys name their master key in one byte, which must differ between the two.
  if (keyIdOf(current) === keyIdOf(previous)) {
    mistakes.push(
      'LATCHKEY_MASTER_KEY cannot follow this LATCHKEY_MASTER_KEY_PREVIOUS: generate another one.',
    );
  }
  return [current, previous];
};

const readDatabaseUrl = ({ parsed }: Reader): string | undefined =>
  parsed<string | undefined>(
    'DATABASE_URL',
    undefined,
    (value) =>
      /^postgres(ql)?:\/\/./.test(value) && URL.canParse(value.replace('@/', '@localhost/'))
        ? value
        : undefined,
    'a PostgreSQL address such as postgresql://user:password@host:5432/database',
  );

const isNetwork = (value: string): boolean => {
  const [address = '', prefix, ...rest] = value.split('/');
  const family = isIP(address);
  if (family === 0 || rest.length > 0) return false;
  return (
    prefix === undefined ||
    (/^\d{1,3}$/.test(prefix) && Number(prefix) <= (family === 4 ? 32 : 128))
  );
};

const readTrustedProxies = ({ parsed }: Reader): readonly string[] =>
  parsed<readonly string[]>(
    'LATCHKEY_TRUSTED_PROXIES',
    [],
    (value) => {
      const networks = value.split(',').map((network) => network.trim());
      return networks.every(isNetwork) ? networks : undefined;
    },
    'addresses or networks, separated by commas, such as 10.0.0.0/8',
  );

const isSmtpUrl = (value: string): boolean =>
  URL.canParse(value) &&
  /^smtps?:$/.test(new URL(value).protocol) &&
  new URL(value).hostname !== '';

/** `Name <address>` or an address alone; nothing that could add a header or a second sender. */
const SENDER =
  /^(?:[^\s@<>,;:"]+@[^\s@<>,;:"]+|[^<>@\p{C},;:"]{1,100} <[^\s@<>,;:"]+@[^\s@<>,;:"]+>)$/u;

const readMail = ({ parsed }: Reader, publicUrl: string, production: boolean): Config['mail'] => {
  const smtpUrl = parsed<string | undefined>(
    'SMTP_URL',
    undefined,
    (value) => (isSmtpUrl(value) ? value : undefined),
    'an address such as smtp://user:password@mail.example.org:587',
  );
  const from = parsed(
    'LATCHKEY_MAIL_FROM',
    `Latchkey <no-reply@${new URL(publicUrl).hostname}>`,
    (value) => (SENDER.test(value) ? value : undefined),
    'one sender, such as Example <no-reply@example.org>',
  );
  return { smtpUrl, from, developmentInbox: smtpUrl === undefined && !production };
};

const readRateLimits = ({ choice, mistakes }: Reader, production: boolean): boolean => {
  const on = choice('LATCHKEY_RATE_LIMITS', 'on', ['on', 'off']) === 'on';
  const sure = choice('LATCHKEY_RATE_LIMITS_OFF_IN_PRODUCTION', 'no', ['yes', 'no']) === 'yes';
  if (!on && production && !sure) {
    mistakes.push(
      'LATCHKEY_RATE_LIMITS must not be off in production; if a proxy limits instead, set LATCHKEY_RATE_LIMITS_OFF_IN_PRODUCTION=yes as well.',
    );
  }
  return on;
};

/** @throws ConfigurationError naming every mistake at once */
export const readConfig = (environment: Environment = process.env): Config => {
  const reader = createReader(environment);
  const { text, integer, choice, mistakes } = reader;
  const host = text('HOST') ?? '127.0.0.1';
  const port = integer('PORT', 4000, 0, 65_535);
  const kind = choice('LATCHKEY_ENV', 'development', ['development', 'production']);
  const production = kind === 'production';
  const publicUrl = readPublicUrl(reader, host, port);
  const rateLimits = readRateLimits(reader, production);
  const config: Config = {
    environment: kind,
    host,
    port,
    publicUrl,
    audience: text('LATCHKEY_AUDIENCE') ?? publicUrl,
    databaseUrl: readDatabaseUrl(reader),
    eventStoreDb: readEventStoreDb(reader),
    dataDir: path.resolve(text('LATCHKEY_DATA_DIR') ?? '.data'),
    searchPath: environment.PATH ?? '',
    masterKeys: readMasterKeys(reader, production),
    signingAlgorithm: choice('LATCHKEY_SIGNING_ALGORITHM', 'ES256', signingAlgorithms),
    registration: choice('LATCHKEY_REGISTRATION', 'verify-first', ['verify-first', 'open']),
    session: readSessionPolicy(reader, rateLimits),
    oneTimeTokens: readOneTimeTokens(reader),
    households: readHouseholdPolicy(reader),
    mail: readMail(reader, publicUrl, production),
    checkpointSeconds: integer('LATCHKEY_CHECKPOINT_SECONDS', 3_600, 0, 2_592_000),
    rateLimits,
    trustedProxies: readTrustedProxies(reader),
    passwordWorkers: integer(
      'LATCHKEY_PASSWORD_WORKERS',
      Math.min(Math.max(availableParallelism() - 1, 1), MAX_DEFAULT_WORKERS),
      1,
      64,
    ),
    logLevel: choice('LATCHKEY_LOG_LEVEL', 'info', LOG_LEVELS),
    seedDemo: choice('LATCHKEY_SEED_DEMO', production ? 'off' : 'on', ['on', 'off']) === 'on',
  };
  if (production && config.seedDemo) {
    mistakes.push('LATCHKEY_SEED_DEMO must not be on in production.');
  }
  if (mistakes.length > 0) throw new ConfigurationError(mistakes);
  return config;
};
