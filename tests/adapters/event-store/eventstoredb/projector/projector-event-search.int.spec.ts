import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readPages, signUpAdmin } from '../../../../support/administration/administrators.ts';
import {
  openSharedLog,
  projected,
  type SharedLog,
  startProjector,
} from '../../../../support/event-log/shared-log.ts';
import { runCommand } from '../../../../support/servers/command-line.ts';
import { expectProblem, type SignedIn } from '../../../../support/servers/http-client.ts';
import type { RunningApp } from '../../../../support/servers/running-app.ts';

type Listed = Readonly<{ id: string; type: string; stream: string; position: string }>;
type Page = Readonly<{ events: readonly Listed[]; nextCursor: string | null }>;

let log: SharedLog;
let app: RunningApp;
let admin: SignedIn;
let ann: SignedIn;
let stop: () => Promise<void>;
let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'latchkey-search-'));
  log = await openSharedLog();
  app = await log.serve();
  stop = startProjector(app);
  admin = await signUpAdmin(app);
  ann = await app.client.signUp();
  await app.client.call('PATCH', '/v1/me', { token: ann.accessToken, body: { locale: 'de' } });
  await projected(app);
});
afterAll(async () => {
  await stop?.();
  await log?.close();
  rmSync(folder, { recursive: true });
});

const search = async (query = ''): Promise<Page> => {
  const { status, json } = await app.client.call('GET', `/v1/admin/events${query}`, {
    token: admin.accessToken,
  });
  expect(status).toBe(200);
  return json as Page;
};
const typesOf = ({ events }: Page) => events.map(({ type }) => type);
const stored = () =>
  log.double.events().flatMap(({ type }) => (type.startsWith('Transaction') ? [] : [type]));

describe('the events of a log in EventStoreDB', () => {
  it('are listed newest first, page by page, each once', async () => {
    const pages = await readPages(async (cursor) => {
      const { events, nextCursor } = await search(
        `?limit=2${cursor === undefined ? '' : `&cursor=${cursor}`}`,
      );
      return { items: events, nextCursor };
    });
    expect(pages.flat().map(({ type }) => type)).toStrictEqual(stored().reverse());
  });

  it('are found by user and by type', async () => {
    const page = await search(`?userId=${ann.user.id}`);
    expect(typesOf(page)).toContain('UserRegistered');
    expect(typesOf(page)[0]).toBe('LocaleChanged');
    expect(typesOf(await search('?type=LocaleChanged'))).toStrictEqual(['LocaleChanged']);
    expect(typesOf(await search('?type=UserDeactivated'))).toStrictEqual([]);
    expect(JSON.stringify(page)).not.toContain(ann.user.email);
  });

  it('are refused to users who are not administrators', async () => {
    const call = { token: ann.accessToken };
    expectProblem(await app.client.call('GET', '/v1/admin/events', call), 'admin_required');
  });
});

describe('users that are imported twice', () => {
  const write = (...lines: readonly object[]): string => {
    const file = path.join(folder, 'users.jsonl');
    writeFileSync(file, lines.map((line) => JSON.stringify(line)).join('\n'));
    return file;
  };
  const runImport = (file: string) =>
    runCommand(['users', 'import', file], {
      ...log.environment,
      DATABASE_URL: log.connectionString,
    });

  it('are imported once, and reported when their lines have changed', async () => {
    const lines = [1, 2, 3].map((n) => ({ id: `old-${n}`, email: `old-${n}@example.com` }));
    expect(await runImport(write(...lines))).toStrictEqual({
      code: 0,
      stdout: '3 lines: 3 imported, 0 unchanged, 0 skipped\n',
      stderr: '',
    });
    const before = log.double.events().length;
    expect((await runImport(write(...lines))).stdout).toBe(
      '3 lines: 0 imported, 3 unchanged, 0 skipped\n',
    );
    const [first, ...others] = lines;
    const changed = await runImport(write({ ...first, displayName: 'Changed' }, ...others));
    expect(changed.stdout).toContain('0 imported, 2 unchanged, 1 skipped');
    expect(log.double.events().length).toBe(before);
    expect(await app.sql(`SELECT FROM users WHERE id LIKE 'old-%'`)).toHaveLength(3);
  });
});
