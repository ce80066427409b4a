import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import {
  type HouseholdServers,
  startHouseholdServers,
} from '../../support/households/households-on-two-servers.ts';
import type { Answer, SignedIn } from '../../support/servers/http-client.ts';
import { logOf } from '../../support/servers/log-of.ts';
import { outcomes } from '../../support/servers/two-servers.ts';

const CROWD = 20;

describe('when two processes receive twenty parallel changes of one household', () => {
  let system: HouseholdServers;
  let owner: SignedIn;
  let people: readonly SignedIn[];
  let household: string;

  beforeAll(async () => {
    system = await startHouseholdServers();
    owner = await system.settle();
    household = await system.homes[0].found(owner.accessToken);
    const joined: SignedIn[] = [];
    for (let n = 0; n < 5; n += 1) joined.push(await system.join(owner, household));
    people = joined;
  });
  afterAll(() => system.close());
  afterEach(() => system.expectSound());

  const pick = (n: number): SignedIn => people[n % people.length] ?? owner;

  /** Checks during `work` that there is always one owner. @returns the result of `work` */
  const watching = async <Result>(work: Promise<Result>): Promise<Result> => {
    let looks = 0;
    const done = new AbortController();
    const finish = work.finally(() => done.abort());
    const watch = async () => {
      while (!done.signal.aborted) {
        await system.expectOneOwner(household);
        looks += 1;
      }
    };
    const [result] = await Promise.all([finish, watch()]);
    expect(looks).toBeGreaterThan(0);
    return result;
  };

  const byId = (id: string): SignedIn =>
    [owner, ...people].find(({ user }) => user.id === id) ?? owner;
  /** Restores the initial roles. */
  const reset = async (): Promise<void> => {
    const current = byId(await system.expectOneOwner(household));
    const [homes] = system.homes;
    if (current !== owner) {
      const { status } = await homes.transfer(current.accessToken, household, owner.user.id);
      expect(status).toBe(204);
    }
    const { json } = await homes.members(owner.accessToken, household);
    const members = (json as { members: { userId: string }[] }).members;
    for (const { user, accessToken } of people) {
      if (members.some(({ userId }) => userId === user.id)) {
        await homes.changeRole(owner.accessToken, household, user.id, 'member');
      } else {
        const token = await system.invite(owner, household, user.email);
        expect((await homes.accept(accessToken, token)).status).toBe(200);
      }
    }
  };

  it('ownership is transferred to one of twenty members', async () => {
    const answers = await watching(
      system.race(CROWD, (homes, n) =>
        homes.transfer(owner.accessToken, household, pick(n).user.id),
      ),
    );
    expect(outcomes(answers)).toStrictEqual({ 204: 1, household_role_insufficient: CROWD - 1 });
    const winner = answers.findIndex(({ status }) => status === 204);
    expect(await system.expectOneOwner(household)).toBe(pick(winner).user.id);
    await reset();
  });

  it('transfers, leaves, removals and role changes always leave one owner', async () => {
    const expected = new Set(['204', 'household_role_insufficient', 'household_not_found']);
    for (const code of ['member_not_found', 'owner_must_stay']) expected.add(code);
    for (let round = 0; round < 4; round += 1) {
      for (const { user } of people.slice(0, 2)) {
        await system.homes[0].changeRole(owner.accessToken, household, user.id, 'admin');
      }
      const answers = await watching(
        system.race(CROWD, (homes, n): Promise<Answer> => {
          const [by, other] = [pick(n), pick(n + 1)];
          if (n % 5 === 0) return homes.transfer(owner.accessToken, household, other.user.id);
          if (n % 5 === 1) return homes.transfer(by.accessToken, household, other.user.id);
          if (n % 5 === 2) return homes.remove(by.accessToken, household, by.user.id);
          if (n % 5 === 3) return homes.remove(by.accessToken, household, other.user.id);
          return homes.changeRole(by.accessToken, household, other.user.id, 'admin');
        }),
      );
      const unexpected = Object.keys(outcomes(answers)).filter((code) => !expected.has(code));
      expect(unexpected).toStrictEqual([]);
      expect(outcomes(answers)['204']).toBeGreaterThan(0);
      await reset();
    }
  });

  it('a demoted admin can grant nothing afterwards', async () => {
    const [admin, target] = [pick(0), pick(1)];
    for (let round = 0; round < 3; round += 1) {
      const [homes] = system.homes;
      await homes.changeRole(owner.accessToken, household, admin.user.id, 'admin');
      const answers = await system.race(CROWD, (home, n): Promise<Answer> => {
        if (n === 8) return home.changeRole(owner.accessToken, household, admin.user.id, 'viewer');
        if (n % 4 === 3) {
          return home.changeRole(admin.accessToken, household, target.user.id, 'admin');
        }
        const email = `granted-${round}-${n}@example.com`;
        return home.invite(admin.accessToken, household, email, 'admin');
      });
      expect(answers[8]?.status).toBe(204);
      expect(answers.filter(({ status }) => status >= 500)).toStrictEqual([]);
      const log = await logOf(system.database);
      const events = log.filter(({ stream }) => stream === `household-${household}`);
      const demoted = events.findLastIndex(
        ({ type, data }) =>
          type === 'MemberRoleChanged' && data.userId === admin.user.id && data.role === 'viewer',
      );
      expect(demoted).toBeGreaterThan(0);
      const late = events.slice(demoted).filter(({ metadata }) => metadata.actor === admin.user.id);
      expect(late).toStrictEqual([]);
      expect((await homes.invitations(owner.accessToken, household)).json).toStrictEqual({
        invitations: [],
      });
      const again = await homes.invite(admin.accessToken, household, 'late@example.com', 'viewer');
      expect(again.json).toMatchObject({ code: 'household_role_insufficient' });
      await reset();
    }
  });
});
