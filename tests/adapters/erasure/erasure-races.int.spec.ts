import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LogHome } from '../../../src/application/ports/log-copy.ts';
import { tokens } from '../../../src/system-tokens.ts';
import { signUpAdmin } from '../../support/administrators.ts';
import { allTables } from '../../support/composed-system.ts';
import type { Answer, SignedIn } from '../../support/http-client.ts';
import { typesIn } from '../../support/log-of.ts';
import { type RunningApp, startRunningApp, times } from '../../support/running-app.ts';
import { signUpProven, takeOver } from '../../support/shared-household.ts';
import { brokenStreams } from '../../support/stored-chains.ts';
import { openTwoStores, type TwoStores } from '../../support/two-stores.ts';

const RACES = 20;

describe.each<LogHome>(['postgres', 'eventstoredb'])(
  'when others are at it in the moment of an erasure, the log in %s',
  (home) => {
    let stores: TwoStores;
    let apps: readonly [RunningApp, RunningApp];
    beforeAll(async () => {
      stores = await openTwoStores();
      if (home === 'eventstoredb') await stores.copy(home);
      const start = () => startRunningApp(stores.settings[home], stores.scratch);
      apps = [await start(), await start()];
    });
    afterAll(async () => {
      for (const app of apps ?? []) await app.close();
      await stores?.close();
    });

    const call = (n: number, method: string, path: string, by: SignedIn, body?: object) =>
      apps[n % 2 === 0 ? 0 : 1].client.call(method, path, {
        token: by.accessToken,
        ...(body !== undefined && { body }),
      });
    const erase = (n: number, person: SignedIn) => call(n, 'DELETE', '/v1/me', person, {});

    const found = async (owner: SignedIn): Promise<string> => {
      const { json } = await call(0, 'POST', '/v1/households', owner, { name: 'Boat' });
      return (json as { id: string }).id;
    };

    const expectSound = async (): Promise<void> => {
      const { verify } = apps[0].get(tokens.projections);
      expect((await verify(allTables, () => undefined)).drift).toStrictEqual([]);
      expect(brokenStreams(await stores.logIn(home))).toStrictEqual([]);
      const orphans = await stores.database.query({
        text: `SELECT id FROM households AS h WHERE NOT EXISTS (SELECT FROM household_members AS m
          WHERE m.household_id = h.id AND m.user_id = h.owner_id AND m.role = 'owner')`,
      });
      expect(orphans).toStrictEqual([]);
    };

    const expectNoFault = (answers: readonly Answer[]): void => {
      expect(answers.filter(({ status }) => status >= 500)).toStrictEqual([]);
    };

    it('happens once, however often it is asked for', async () => {
      const person = await signUpProven(apps[0]);
      const answers = await times(RACES, (n) => erase(n, person));
      const statuses = new Set(answers.map(({ status }) => status));
      expect([204, 401].filter((status) => statuses.delete(status)).length).toBeGreaterThan(0);
      expect([...statuses]).toStrictEqual([]);
      const types = typesIn(await stores.logIn(home), `user-${person.user.id}`);
      expect(types.filter((type) => type === 'UserErased')).toHaveLength(1);
    });

    it('leaves a household one owner, or none of it, when owner and successor go together', async () => {
      const pairs = await times(4, async () => {
        const [owner, heir] = [await signUpProven(apps[0]), await signUpProven(apps[1])];
        const id = await found(owner);
        await takeOver(apps[0], id, heir.user.id, 'member');
        return { id, owner, heir };
      });
      const answers = await Promise.all(
        pairs.flatMap(({ owner, heir }, n) => [erase(n, owner), erase(n + 1, heir)]),
      );
      expect(answers.map(({ status }) => status)).toStrictEqual(answers.map(() => 204));
      const ids = pairs.map(({ id }) => id);
      const text = 'SELECT id FROM households WHERE id = ANY ($1)';
      expect(await stores.database.query({ text, values: [ids] })).toStrictEqual([]);
      await expectSound();
    });

    it('leaves nothing of what was founded, opened, switched or handed over meanwhile', async () => {
      const people = await times(5, async () => {
        const person = await signUpProven(apps[0]);
        const owner = await signUpProven(apps[1]);
        const id = await found(owner);
        await takeOver(apps[0], id, person.user.id, 'member');
        return { person, owner, id };
      });
      const answers = await Promise.all(
        people.flatMap(({ person, owner, id }, n) => [
          erase(n, person),
          call(n, 'POST', '/v1/households', person, { name: 'Late' }),
          call(n + 1, 'POST', '/v1/households', person, { name: 'Later' }),
          apps[1].client.signIn(person.user.email),
          apps[0].client.refresh(person.refreshToken),
          call(n, 'PUT', '/v1/sessions/current/household', person, { householdId: id }),
          call(n, 'POST', `/v1/households/${id}/transfer-ownership`, owner, {
            userId: person.user.id,
          }),
        ]),
      );
      expectNoFault(answers);
      const ids = people.map(({ person }) => person.user.id);
      const text = `SELECT id FROM users WHERE id = ANY ($1) UNION ALL
        SELECT user_id FROM household_members WHERE user_id = ANY ($1) UNION ALL
        SELECT user_id FROM sessions WHERE user_id = ANY ($1) UNION ALL
        SELECT subject_id FROM subject_keys WHERE subject_id = ANY ($1)`;
      expect(await stores.database.query({ text, values: [ids] })).toStrictEqual([]);
      await expectSound();
    });

    it('leaves one administrator when two erase each other', async () => {
      const [ann, ben] = [await signUpAdmin(apps[0]), await signUpAdmin(apps[1])];
      const answers = await Promise.all([
        call(0, 'DELETE', `/v1/admin/users/${ben.user.id}`, ann),
        call(1, 'DELETE', `/v1/admin/users/${ann.user.id}`, ben),
      ]);
      expectNoFault(answers);
      const text = "SELECT FROM users WHERE role = 'admin' AND is_active";
      expect(await stores.database.query({ text })).toHaveLength(1);
      await expectSound();
    });
  },
);
