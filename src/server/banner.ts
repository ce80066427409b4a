import path from 'node:path';
import type { Config } from '../configuration/config.ts';
import type { DemoAccount } from './demo-account.ts';

type Facts = Readonly<{
  config: Config;
  url: string;
  database: string;
  demo: DemoAccount | undefined;
}>;

const DEFAULT_PORT = 4000;

const DEFAULT_DATA_DIR = path.resolve('.data');

/** Builds the demo command, with the variables that differ from their defaults. */
const demoCommand = ({ port, dataDir, databaseUrl, eventStoreDb }: Config): string =>
  [
    ...(port === DEFAULT_PORT ? [] : [`PORT=${port}`]),
    ...(dataDir === DEFAULT_DATA_DIR ? [] : [`LATCHKEY_DATA_DIR=${dataDir}`]),
    // Both may hold a password; the operator knows their values.
    ...(databaseUrl === undefined ? [] : ["DATABASE_URL='…'"]),
    ...(eventStoreDb === undefined ? [] : ["EVENTSTOREDB_URL='…'"]),
    'npm run demo',
  ].join(' ');

/** Prints the addresses of a started server and the demo account. */
export const printBanner = ({ config, url, database, demo }: Facts): void => {
  const lines = [
    `Latchkey is listening on ${url}`,
    '',
    `  API           ${url}/docs`,
    `  Health        ${url}/health/ready`,
    `  Audit         ${url}/admin/audit`,
    ...(config.mail.developmentInbox ? [`  Mail inbox    ${url}/dev/mail`] : []),
    `  Database      ${database}`,
    ...(config.eventStoreDb === undefined ? [] : ['  Event log     EventStoreDB']),
    ...(demo === undefined
      ? []
      : [`  Demo account  ${demo.email}, password ${demo.password} (shown once)`]),
    ...(config.environment === 'development' ? [`  Try it        ${demoCommand(config)}`] : []),
    '',
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
};
