import { randomBytes } from 'node:crypto';
import type { RequestContext } from '../../../src/application/kernel/request-context.ts';
import { projectedTables } from '../../../src/application/projections/projected-tables.ts';
import { compose } from '../../../src/composition/composition-root.ts';
import { tokens } from '../../../src/composition/system-tokens.ts';
import type { Token } from '../../../src/composition/tokens/token.ts';
import { readConfig } from '../../../src/configuration/config.ts';
import { createTestDatabase, type TestDatabase } from './test-database.ts';

export type ComposedSystem = Readonly<{
  connectionString: string;
  get: <T>(wanted: Token<T>) => T;
  sql: <Row extends object>(text: string, ...values: unknown[]) => Promise<readonly Row[]>;
  /** Closes the system, and drops the database if it was created for it. */
  close: () => Promise<void>;
}>;

/** The request context of a user with a device. */
export const visitor: RequestContext = {
  correlationId: '00000000-0000-4000-8000-000000000001',
  actor: 'anonymous',
  client: { ip: '192.0.2.1', userAgent: 'Laptop/1.0' },
};

export const allTables = projectedTables.map(({ name }) => name);

/**
 * Composes what server and command line use, without listening, with a new database unless given.
 * The denylist feed is not started.
 */
export const composeSystem = async (
  environment: Readonly<Record<string, string>> = {},
  given?: Pick<TestDatabase, 'connectionString'>,
): Promise<ComposedSystem> => {
  const made = given === undefined ? await createTestDatabase() : undefined;
  const { connectionString } = given ?? made ?? { connectionString: '' };
  const config = readConfig({
    DATABASE_URL: connectionString,
    LATCHKEY_MASTER_KEY: randomBytes(32).toString('base64'),
    LATCHKEY_PASSWORD_WORKERS: '2',
    // Off, as few tests concern it; those switch it on.
    LATCHKEY_REGISTRATION: 'open',
    LATCHKEY_RATE_LIMITS: 'off',
    ...environment,
  });
  const { masterKeys } = config;
  if (masterKeys === undefined) throw new TypeError('the environment has a master key');
  const get = await compose(config, { connectionString, masterKeys, log: () => undefined });
  return {
    connectionString,
    get,
    sql: (text, ...values) => get(tokens.database).query({ text, values }),
    close: async () => {
      get(tokens.signingKeys).stop();
      await get(tokens.eventStoreDb)?.client.close();
      await get(tokens.database).close();
      await made?.drop();
    },
  };
};

/** Composes a system that can issue tokens. */
export const openComposedSystem = async (
  ...options: Parameters<typeof composeSystem>
): Promise<ComposedSystem> => {
  const system = await composeSystem(...options);
  await system.get(tokens.signingKeyStore).ensureKeys();
  await system.get(tokens.signingKeys).load();
  await system.get(tokens.denylist).start();
  const { close } = system;
  return {
    ...system,
    close: async () => {
      await system.get(tokens.denylist).stop();
      await close();
    },
  };
};
