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

describe('when memberships end in one of two processes', () => {
  let system: HouseholdServers;
  let owner: SignedIn;
  let members: readonly SignedIn[];
  let household: string;

  beforeAll(async () => {
    system = await startHouseholdServers();
    owner = await system.settle();
    household = await system.homes[0].found(owner.accessToken);
    const joined: SignedIn[] = [];
    for (let n = 0; n < 4; n += 1) joined.push(await system.join(owner, household));
    members = joined;
  });
  afterAll(() => system.close());
  afterEach(() => system.expectSound());

  const comeBack = async ({ user, accessToken }: SignedIn): Promise<void> => {
    const token = await system.invite(owner, household, user.email);
    expect((await system.homes[0].accept(accessToken, token)).status).toBe(200);
  };
  /** A new session of the member, in the default household. */
  const signIn = async ({ user }: SignedIn): Promise<SignedIn> =>
    expectSignedIn(await system.clients[0].signIn(user.email));
  const switched = async ({ accessToken, refreshToken }: TokenPair): Promise<TokenPair> =>
    expectPair(await system.homes[0].switchTo(accessToken, household, refreshToken));

  const sessionsOf = (member: SignedIn, count: number) =>
    Promise.all(Array.from({ length: count }, () => signIn(member)));

  it('both refuse at once every token that was issued before a switch', async () => {
    for (const member of members) {
      const session = await signIn(member);
      const other = expectPair(await system.clients[1].refresh(session.refreshToken));
      const pair = await switched(other);
      const before = [session.accessToken, other.accessToken];
      for (const accessToken of before) {
        expectProblem(await system.clients[0].me(accessToken), 'access_token_invalid');
      }
      await expectDead(system.clients, before);
      expect((await system.clients[1].me(pair.accessToken)).status).toBe(200);
    }
  });

  it('a member who is removed during a switch keeps no valid token', async () => {
    for (const member of members) {
      const session = await signIn(member);
      const [removal, ...answers] = await Promise.all([
        system.homes[1].remove(owner.accessToken, household, member.user.id),
        ...(await sessionsOf(member, 9)).map(({ accessToken, refreshToken }, n) =>
          system.homes[n % 2 === 0 ? 0 : 1].switchTo(
            accessToken,
            household,
            n % 3 === 0 ? refreshToken : undefined,
          ),
        ),
        system.homes[0].switchTo(session.accessToken, household),
      ]);
      expect(removal.status).toBe(204);
      for (const code of codesIn(answers)) expect([200, 'household_not_found']).toContain(code);
      await expectDead(system.clients, speakingFor(household, accessTokensIn(answers)));
      await expectNoMemberDiverged(system);
      const home = claimsIn(member.accessToken).hh;
      const next = expectPair(await system.clients[1].refresh(session.refreshToken));
      expect(claimsIn(next.accessToken)).toMatchObject({ hh: home, hh_role: 'owner' });
      await comeBack(member);
    }
  });

  it('a member who is removed during a refresh keeps no valid token', async () => {
    let seen = 0;
    for (const member of members) {
      const sessions = await Promise.all((await sessionsOf(member, 6)).map(switched));
      const issued: string[] = sessions.map(({ accessToken }) => accessToken);
      /** Refreshes repeatedly, alternating between the processes. */
      const goOn = async (first: TokenPair, from: number): Promise<TokenPair> => {
        let pair = first;
        for (let n = from; n < from + 6; n += 1) {
          const [one, two] = system.clients;
          pair = expectPair(await (n % 2 === 0 ? one : two).refresh(pair.refreshToken));
          issued.push(pair.accessToken);
        }
        return pair;
      };
      const going = sessions.map(goOn);
      const removal = await system.homes[1].remove(owner.accessToken, household, member.user.id);
      expect(removal.status).toBe(204);
      const last = await Promise.all(going);
      const speaking = speakingFor(household, issued);
      await expectDead(system.clients, speaking);
      seen += speaking.length;
      await expectNoMemberDiverged(system);
      const home = claimsIn(member.accessToken).hh;
      for (const { refreshToken } of last) {
        const next = expectPair(await system.clients[0].refresh(refreshToken));
        expect(claimsIn(next.accessToken)).toMatchObject({ hh: home, hh_role: 'owner' });
      }
      await comeBack(member);
    }
    expect(seen).toBeGreaterThan(0);
  });
});
