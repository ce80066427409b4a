import { randomBytes } from 'node:crypto';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { readConfig } from '../../src/configuration/config.ts';
import { printBanner } from '../../src/server/banner.ts';

afterEach(() => {
  vi.restoreAllMocks();
});

const URL = 'http://127.0.0.1:4000';
const PRODUCTION = {
  LATCHKEY_ENV: 'production',
  LATCHKEY_MASTER_KEY: randomBytes(32).toString('base64'),
};

const print = (environment: Readonly<Record<string, string>>, demo?: 'demo') => {
  const write = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  printBanner({
    config: readConfig(environment),
    url: URL,
    database: 'embedded PostgreSQL 18.4 in .data',
    demo: demo && { email: 'demo@example.com', password: 'demo-1' },
  });
  return write.mock.calls.map(([text]) => text);
};

const ALWAYS = [
  `  API           ${URL}/docs`,
  `  Health        ${URL}/health/ready`,
  `  Audit         ${URL}/admin/audit`,
  '  Database      embedded PostgreSQL 18.4 in .data',
];

describe('the banner', () => {
  it('shows all addresses in development', () => {
    expect(print({}, 'demo')).toStrictEqual([
      [
        `Latchkey is listening on ${URL}`,
        '',
        `  API           ${URL}/docs`,
        `  Health        ${URL}/health/ready`,
        `  Audit         ${URL}/admin/audit`,
        `  Mail inbox    ${URL}/dev/mail`,
        '  Database      embedded PostgreSQL 18.4 in .data',
        '  Demo account  demo@example.com, password demo-1 (shown once)',
        '  Try it        npm run demo',
        '',
        '',
      ].join('\n'),
    ]);
  });

  it('shows the demo command for a server on another port', () => {
    const [text] = print({ PORT: '4301' });
    expect(text).toContain('  Try it        PORT=4301 npm run demo');
  });

  it('shows the demo command for another data directory', () => {
    const [text] = print({ LATCHKEY_DATA_DIR: '/srv/latchkey' });
    expect(text).toContain('  Try it        LATCHKEY_DATA_DIR=/srv/latchkey npm run demo');
  });

  it('shows that the demo command needs the database URL, without its password', () => {
    const [text] = print({ DATABASE_URL: 'postgresql://latchkey:secret@localhost/latchkey' });
    expect(text).toContain("  Try it        DATABASE_URL='…' npm run demo");
  });

  it.each([
    ['mails are really sent', { SMTP_URL: 'smtp://localhost' }, ['  Try it        npm run demo']],
    ['it is production', PRODUCTION, []],
  ])('shows no inbox when %s', (_, environment, rest) => {
    const lines = [`Latchkey is listening on ${URL}`, '', ...ALWAYS, ...rest, '', ''];
    expect(print(environment)).toStrictEqual([lines.join('\n')]);
  });
});
