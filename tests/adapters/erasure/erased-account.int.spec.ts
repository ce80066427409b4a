import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LogHome } from '../../../src/application/ports/log-copy.ts';
import { tokens } from '../../../src/system-tokens.ts';
import { allTables } from '../../support/composed-system.ts';
import type { SignedIn } from '../../support/http-client.ts';
import { type RunningApp, startRunningApp } from '../../support/running-app.ts';
import { openTwoStores, type TwoStores } from '../../support/two-stores.ts';

const MARK = 'Quetzalcoatl';
const EMAIL = `${MARK.toLowerCase()}@example.com`;

const textOf = async (stores: TwoStores, home: LogHome): Promise<string> => {
  const tables = await stores.database.query<{ name: string }>({
    text: `SELECT quote_ident(schemaname) || '.' || quote_ident(tablename) AS name FROM pg_tables
      WHERE schemaname NOT IN ('pg_catalog', 'information_schema')`,
  });
  const texts: string[] = [
    JSON.stringify(await stores.logIn(home), (_, v) => (typeof v === 'bigint' ? String(v) : v)),
  ];
  for (const { name } of tables) {
    const rows = await stores.database.query({ text: `SELECT t::text FROM ${name} AS t` });
    texts.push(JSON.stringify(rows));
  }
  return texts.join('\n');
};

describe.each<LogHome>(['postgres', 'eventstoredb'])(
  'an account is erased, the log in %s',
  (home) => {
    let stores: TwoStores;
    let app: RunningApp;
    let ada: SignedIn;

    beforeAll(async () => {
      stores = await openTwoStores();
      if (home === 'eventstoredb') await stores.copy(home);
      app = await startRunningApp(stores.settings[home], stores.scratch);
      const { client } = app;
      ada = await client.signUp({
        email: EMAIL,
        displayName: MARK,
        username: MARK,
        householdName: `${MARK} home`,
      });
    });
    afterAll(async () => {
      await app?.close();
      await stores?.close();
    });

    it('works', async () => {
      const { client } = app;
      expect((await textOf(stores, home)).toLowerCase()).toContain(MARK.toLowerCase());
      const exported = await client.call('GET', '/v1/me/export', { token: ada.accessToken });
      console.log(exported.status, exported.text.slice(0, 3000));
      const answer = await client.call('DELETE', '/v1/me', { token: ada.accessToken, body: {} });
      expect([answer.status, answer.text]).toStrictEqual([204, '']);
      expect((await client.call('GET', '/v1/me', { token: ada.accessToken })).status).toBe(401);
      expect((await client.refresh(ada.refreshToken)).status).toBe(401);
      expect((await textOf(stores, home)).toLowerCase()).not.toContain(MARK.toLowerCase());
      const projections = app.get(tokens.projections);
      expect((await projections.verify(allTables, () => undefined)).drift).toStrictEqual([]);
      expect((await projections.rebuild(allTables, () => undefined)).drift).toStrictEqual([]);
      const again = await client.signUp({ email: EMAIL, displayName: 'New', username: MARK });
      expect(again.user.id).not.toBe(ada.user.id);
    });
  },
);
