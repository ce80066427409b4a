import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LogLocation } from '../../../src/application/event-log/log-copy.ts';
import { householdAggregate } from '../../../src/application/kernel/aggregate.ts';
import { parseStreamName } from '../../../src/application/kernel/event-store.ts';
import { tokens } from '../../../src/composition/system-tokens.ts';
import type { MemberInvited } from '../../../src/domain/household/household-events.ts';
import { signUpAdmin } from '../../support/administration/administrators.ts';
import { openTwoStores, type TwoStores } from '../../support/event-log/two-stores.ts';
import { signUpVerified, takeOver } from '../../support/households/shared-household.ts';
import { eventually } from '../../support/kernel/eventually.ts';
import {
  allTables,
  type ComposedSystem,
  openComposedSystem,
  visitor,
} from '../../support/servers/composed-system.ts';
import type { Answer, SignedIn } from '../../support/servers/http-client.ts';
import { typesIn } from '../../support/servers/log-of.ts';
import { type RunningApp, startRunningApp, times } from '../../support/servers/running-app.ts';
import { brokenStreams } from '../../support/servers/stored-chains.ts';

const RACES = 20;

/**
 * Makes the connections that opt in fail at what is listed: a stream's head, or `traces`, the rows
 * that are deleted once the user is erased. In an external event store the event is stored by then.
 */
const CRASHES = `
  CREATE TABLE crash_at (stream text);
  CREATE FUNCTION crash_at_stream() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN
    IF current_setting('latchkey.crashes', true) = 'on'
      AND EXISTS (SELECT FROM crash_at WHERE stream = NEW.stream_id) THEN RAISE 'crashed'; END IF;
    RETURN NEW;
  END $$;
  CREATE TRIGGER crash_at_stream BEFORE INSERT OR UPDATE ON streams
    FOR EACH ROW EXECUTE FUNCTION crash_at_stream();
  CREATE FUNCTION crash_after() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN
    IF current_setting('latchkey.crashes', true) = 'on' AND EXISTS (SELECT FROM crash_at
      WHERE stream LIKE 'traces-%' AND NOT EXISTS (SELECT FROM users WHERE 'traces-' || id = stream))
      THEN RAISE 'crashed'; END IF;
    RETURN NULL;
  END $$;
  CREATE TRIGGER crash_after BEFORE DELETE ON development_mails EXECUTE FUNCTION crash_after()`;

describe.each<LogLocation>(['postgres', 'eventstoredb'])(
  'an erasure concurrent with other requests, the log in %s',
  (home) => {
    let stores: TwoStores;
    let apps: readonly [RunningApp, RunningApp];
    let crashing: ComposedSystem;
    beforeAll(async () => {
      stores = await openTwoStores();
      if (home === 'eventstoredb') await stores.copy(home);
      const start = () => startRunningApp(stores.settings[home], stores.scratch);
      apps = [await start(), await start()];
      await stores.database.query({ text: CRASHES });
      const { connectionString: at } = stores.scratch;
      const connectionString = `${at}${at.includes('?') ? '&' : '?'}application_name=crashing&options=-c%20latchkey.crashes%3Don`;
      crashing = await openComposedSystem(stores.settings[home], { connectionString });
    });
    afterAll(async () => {
      await crashing?.close();
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

    it('happens once if it is requested several times', async () => {
      const person = await signUpVerified(apps[0]);
      const answers = await times(RACES, (n) => erase(n, person));
      const statuses = new Set(answers.map(({ status }) => status));
      expect([204, 401].filter((status) => statuses.delete(status)).length).toBeGreaterThan(0);
      expect([...statuses]).toStrictEqual([]);
      const types = typesIn(await stores.logIn(home), `user-${person.user.id}`);
      expect(types.filter((type) => type === 'UserErased')).toHaveLength(1);
    });

    it('leaves a household with one owner, or deleted, if owner and successor are erased together', async () => {
      const pairs = await times(4, async () => {
        const [owner, heir] = [await signUpVerified(apps[0]), await signUpVerified(apps[1])];
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

    it('leaves no household, session, switch or transfer that was made meanwhile', async () => {
      const people = await times(5, async () => {
        const person = await signUpVerified(apps[0]);
        const owner = await signUpVerified(apps[1]);
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
      await expectNobody(people.map(({ person }) => person.user.id));
      await expectSound();
    });

    const expectNobody = async (userIds: readonly string[]): Promise<void> => {
      const text = `SELECT id FROM users WHERE id = ANY ($1) UNION ALL
        SELECT user_id FROM household_members WHERE user_id = ANY ($1) UNION ALL
        SELECT user_id FROM sessions WHERE user_id = ANY ($1) UNION ALL
        SELECT subject_id FROM subject_keys WHERE subject_id = ANY ($1)`;
      expect(await stores.database.query({ text, values: [userIds] })).toStrictEqual([]);
    };

    /** A user with two households, and their streams in the order of leaving. */
    const settle = async () => {
      const person = await signUpVerified(apps[0]);
      const heir = await signUpVerified(apps[0]);
      const id = await found(person);
      await takeOver(apps[0], id, heir.user.id, 'viewer');
      const households = await apps[0].get(tokens.householdDirectory).listOf(person.user.id);
      const [first = '', second = ''] = households.map((each) => `household-${each.id}`);
      return { person, heir, id, first, second };
    };

    /** Kills the erasing process at `stream`. */
    const crash = async ({ user: { id: userId } }: SignedIn, stream: string): Promise<void> => {
      const known = (await stores.logIn(home)).length;
      await stores.database.query({ text: 'INSERT INTO crash_at VALUES ($1)', values: [stream] });
      const erasing = crashing.get(tokens.eraseUser)({ userId, granted: null }, visitor);
      if (home === 'postgres' || stream.startsWith('traces-')) {
        await expect(erasing).rejects.toThrow();
        return;
      }
      erasing.catch(() => undefined);
      await eventually(
        async () =>
          (await stores.logIn(home)).slice(known).some((event) => event.stream === stream),
        'the log has what was appended last',
      );
      // A dead process releases its locks.
      await stores.database.query({
        text: `SELECT pg_terminate_backend(pid) FROM pg_stat_activity JOIN pg_locks USING (pid)
          WHERE application_name = 'crashing' AND locktype = 'advisory' AND granted`,
      });
    };

    it.each<[string, (each: Awaited<ReturnType<typeof settle>>) => string]>([
      ['at the first household', ({ first }) => first],
      ['at the second household', ({ second }) => second],
      ['at the account', ({ person }) => `user-${person.user.id}`],
      ['at the rows that remain after the account', ({ person }) => `traces-${person.user.id}`],
    ])('is completed when it is requested again after a crash %s', async (_, streamOf) => {
      const settled = await settle();
      const { person, heir, id } = settled;
      await crash(person, streamOf(settled));
      const again = { userId: person.user.id, granted: null };
      expect(await apps[1].get(tokens.eraseUser)(again, visitor)).toBe(true);
      await expectNobody([person.user.id]);
      // Otherwise the projector does this.
      const streams = [settled.first, settled.second].map(parseStreamName);
      await apps[1].get(tokens.eventStoreDb)?.store.catchUp(streams);
      const types = typesIn(await stores.logIn(home), `user-${person.user.id}`);
      expect(types.filter((type) => type === 'UserErased')).toHaveLength(1);
      const { json } = await call(0, 'GET', `/v1/households/${id}`, heir);
      expect(json).toMatchObject({ role: 'owner', memberCount: 1 });
    });

    it('leaves no membership if the user accepts an invitation at the same time', async () => {
      const owner = await signUpVerified(apps[0]);
      const people = await times(6, () => signUpVerified(apps[0]));
      const id = await found(owner);
      for (const { user } of people) {
        const body = { email: user.email, role: 'member' };
        expect(
          (await call(0, 'POST', `/v1/households/${id}/invitations`, owner, body)).status,
        ).toBe(201);
      }
      const codec = apps[0].get(tokens.oneTimeTokenCodec);
      const issued = (await stores.logIn(home))
        .filter(({ type, stream }) => type === 'MemberInvited' && stream === `household-${id}`)
        .map(({ data }) => codec.derive((data as MemberInvited['data']).token));
      const answers = await Promise.all(
        people.flatMap((person, n) => {
          const accept = () =>
            call(n, 'POST', '/v1/invitations/accept', person, { token: issued[n] });
          const leave = () => erase(n + 1, person);
          return n % 2 === 0 ? [accept(), leave()] : [leave(), accept()];
        }),
      );
      expectNoFault(answers);
      await expectNobody(people.map(({ user }) => user.id));
      const state = await apps[0].get(tokens.commands).load(householdAggregate, id);
      expect(state).toMatchObject({ members: [{ userId: owner.user.id }], invitations: [] });
      await expectSound();
    });

    it('leaves one administrator if two erase each other', async () => {
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
