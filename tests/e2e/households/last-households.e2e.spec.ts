import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import {
  accessTokensIn,
  codesIn,
  expectDead,
  expectNoMemberDiverged,
  speakingFor,
} from '../../support/households/dead-tokens.ts';
import { claimsIn } from '../../support/households/household-client.ts';
import {
  type HouseholdServers,
  startHouseholdServers,
} from '../../support/households/households-on-two-servers.ts';
import {
  expectPair,
  expectProblem,
  expectSignedIn,
  type SignedIn,
  type TokenPair,
} from '../../support/servers/http-client.ts';

describe('when a user loses the last household in one of two processes', () => {
  let system: HouseholdServers;
  let owner: SignedIn;
  let lodger: SignedIn;
  let household: string;

  const signIn = async ({ user }: SignedIn, process: 0 | 1 = 0): Promise<SignedIn> =>
    expectSignedIn(await system.clients[process].signIn(user.email));

  /** Joins the household and transfers the own one, so that no other membership is left. */
  const moveIn = async (): Promise<SignedIn> => {
    const person = await system.join(owner, household);
    const home = claimsIn(person.accessToken).hh ?? '';
    const token = await system.invite(person, home, owner.user.email, 'admin');
    const [homes] = system.homes;
    expect((await homes.accept(owner.accessToken, token)).status).toBe(200);
    expect((await homes.transfer(person.accessToken, home, owner.user.id)).status).toBe(204);
    expect((await homes.remove(person.accessToken, home, person.user.id)).status).toBe(204);
    expectProblem(await system.clients[0].me(person.accessToken), 'access_token_invalid');
    return signIn(person);
  };
  const reasonOf = async ({ sessionId }: TokenPair): Promise<string | null | undefined> => {
    const [row] = await system.database.query<{ reason: string | null }>({
      text: 'SELECT revoked_reason AS reason FROM refresh_tokens WHERE token_family = $1 ORDER BY generation DESC',
      values: [sessionId],
    });
    return row?.reason;
  };

  beforeAll(async () => {
    system = await startHouseholdServers();
    owner = await system.settle();
    household = await system.homes[0].found(owner.accessToken);
    lodger = await moveIn();
  });
  afterAll(() => system.close());
  afterEach(() => system.expectSound());

  it('every session that acts for it ends', async () => {
    const sessions = [lodger, await signIn(lodger, 1)];
    for (const session of sessions) {
      expect(claimsIn(session.accessToken)).toMatchObject({ hh: household, hh_role: 'member' });
    }
    const removal = await system.homes[1].remove(owner.accessToken, household, lodger.user.id);
    expect(removal.status).toBe(204);
    const tokens = sessions.map(({ accessToken }) => accessToken);
    await expectDead(system.clients, tokens);
    for (const session of sessions) {
      for (const client of system.clients) {
        expectProblem(await client.refresh(session.refreshToken), 'refresh_token_invalid');
      }
      expect(await reasonOf(session)).toBe('membership_lost');
    }
  });

  it('a user who is removed during sign-in keeps no valid token', async () => {
    let begun = 0;
    for (let round = 0; round < 4; round += 1) {
      const nowhere = await signIn(lodger);
      expect(claimsIn(nowhere.accessToken)).toMatchObject({ hh: null, hh_role: null });
      const token = await system.invite(owner, household, lodger.user.email, 'viewer');
      const [homes, other] = system.homes;
      expect((await homes.accept(nowhere.accessToken, token)).status).toBe(200);
      const signingIn = system.evenly(12, (client) => client.signIn(lodger.user.email));
      // When the membership ends, the first sign-in has its session; the last ones still hash.
      const first = await signIn(lodger, 1);
      const removal = await other.remove(owner.accessToken, household, lodger.user.id);
      expect(removal.status).toBe(204);
      const answers = await signingIn;
      for (const code of codesIn(answers)) expect([201, 'invalid_credentials']).toContain(code);
      const issued = [first.accessToken, ...accessTokensIn(answers)];
      const speaking = speakingFor(household, issued);
      begun += speaking.length;
      await expectDead(system.clients, speaking);
      await expectNoMemberDiverged(system);
      for (const { json } of answers.filter(({ status }) => status === 201)) {
        const refreshed = await system.clients[0].refresh((json as TokenPair).refreshToken);
        for (const next of accessTokensIn([refreshed])) expect(claimsIn(next).hh).toBeNull();
        expect([200, 'refresh_token_invalid']).toContain([...codesIn([refreshed])][0]);
      }
    }
    expect(begun).toBeGreaterThan(0);
  });
});

describe('when a household is deleted under load', () => {
  let system: HouseholdServers;
  beforeAll(async () => {
    system = await startHouseholdServers();
  });
  afterAll(() => system.close());
  afterEach(() => system.expectSound());

  it('no token for it stays valid, and its members act for their default household', async () => {
    const owner = await system.settle();
    const household = await system.homes[0].found(owner.accessToken);
    const members = [owner];
    for (let n = 0; n < 3; n += 1) members.push(await system.join(owner, household, 'admin'));
    const issued: string[] = [];
    const act = async (person: SignedIn, n: number) => {
      const homes = system.homes[n % 2 === 0 ? 0 : 1];
      const begun = expectSignedIn(await system.clients[0].signIn(person.user.email));
      let pair = expectPair(await homes.switchTo(begun.accessToken, household, begun.refreshToken));
      issued.push(pair.accessToken);
      return async (): Promise<TokenPair> => {
        for (let turn = 0; turn < 8; turn += 1) {
          pair = expectPair(
            await system.clients[turn % 2 === 0 ? 0 : 1].refresh(pair.refreshToken),
          );
          issued.push(pair.accessToken);
          // Switches back while the household exists, if the session was moved away from it.
          const again = await homes.switchTo(pair.accessToken, household);
          issued.push(...accessTokensIn([again]));
          const codes = [200, 'household_not_found', 'access_token_invalid'];
          expect(codes).toContain([...codesIn([again])][0]);
        }
        return pair;
      };
    };
    const busy = await Promise.all([...members, ...members].map(act));
    const going = busy.map((goOn) => goOn());
    const [, homes] = system.homes;
    const gone = await homes.drop(owner.accessToken, household);
    expect(gone.status).toBe(204);
    const last = await Promise.all(going);
    await expectDead(system.clients, speakingFor(household, issued));
    await expectNoMemberDiverged(system);
    for (const { refreshToken } of last) {
      const next = expectPair(await system.clients[0].refresh(refreshToken));
      expect(claimsIn(next.accessToken)).toMatchObject({ hh_role: 'owner' });
      expectProblem(await homes.read(next.accessToken, household), 'household_not_found');
    }
  });
});
