import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { claimsIn, type Flat } from '../../support/households/household-client.ts';
import {
  type HouseholdServers,
  startHouseholdServers,
} from '../../support/households/households-on-two-servers.ts';
import {
  type Answer,
  expectPair,
  expectProblem,
  expectSignedIn,
  PASSWORD,
  type SignedIn,
} from '../../support/servers/http-client.ts';
import { logOf, typesIn } from '../../support/servers/log-of.ts';

describe('when users share a household over two processes', () => {
  let system: HouseholdServers;
  let ann: SignedIn;
  let ben: SignedIn;
  let flat: string;

  beforeAll(async () => {
    system = await startHouseholdServers();
    ann = await system.settle('ann@example.com');
    ben = await system.settle('ben@example.com');
    flat = await system.homes[0].found(ann.accessToken, 'The Flat');
  });
  afterAll(() => system.close());

  const rolesIn = ({ json }: Answer): readonly string[] =>
    (json as { members: { role: string }[] }).members.map(({ role }) => role);

  it('the invited user reads the mail in one process and accepts in the other', async () => {
    const [here, there] = system.homes;
    const token = await system.invite(ann, flat, 'ben@example.com', 'admin');
    const seen = await system.clients[1].call('POST', '/v1/invitations/read', { body: { token } });
    expect(seen.json).toMatchObject({
      householdName: 'The Flat',
      role: 'admin',
      email: 'ben@example.com',
      hasAccount: true,
    });
    expect((await there.accept(ben.accessToken, token)).json).toMatchObject({
      id: flat,
      name: 'The Flat',
      role: 'admin',
      memberCount: 2,
    });
    expect(rolesIn(await here.members(ann.accessToken, flat))).toStrictEqual(['owner', 'admin']);
  });

  it('a new user registers with the invitation', async () => {
    const [, there] = system.homes;
    const invitationToken = await system.invite(ben, flat, 'cat@example.com', 'viewer');
    const cat = expectSignedIn(
      await system.clients[1].call('POST', '/v1/users', {
        body: {
          email: 'cat@example.com',
          password: PASSWORD,
          displayName: 'Cat',
          invitationToken,
        },
      }),
    );
    const { json } = await there.list(cat.accessToken);
    expect((json as { households: Flat[] }).households.map(({ role }) => role)).toStrictEqual([
      'owner',
      'viewer',
    ]);
    expectProblem(
      await there.invite(cat.accessToken, flat, 'dan@example.com'),
      'household_role_insufficient',
    );
  });

  it('a member acts in the household after a switch, and in the default household after leaving', async () => {
    const [here, there] = system.homes;
    const acting = expectPair(await here.switchTo(ben.accessToken, flat, ben.refreshToken));
    expect(claimsIn(acting.accessToken)).toMatchObject({ hh: flat, hh_role: 'admin' });
    expect((await there.rename(acting.accessToken, flat, 'Our Flat')).json).toMatchObject({
      name: 'Our Flat',
    });
    expect((await there.transfer(ann.accessToken, flat, ben.user.id)).status).toBe(204);
    expectProblem(await here.remove(acting.accessToken, flat, ben.user.id), 'owner_must_stay');
    expect((await here.transfer(acting.accessToken, flat, ann.user.id)).status).toBe(204);
    expect((await there.remove(acting.accessToken, flat, ben.user.id)).status).toBe(204);
    const next = expectPair(await system.clients[0].refresh(acting.refreshToken));
    expect(claimsIn(next.accessToken)).toMatchObject({
      hh: claimsIn(ben.accessToken).hh,
      hh_role: 'owner',
    });
    for (const homes of system.homes) {
      expectProblem(await homes.read(next.accessToken, flat), 'household_not_found');
    }
  });

  it('the log holds the complete history', async () => {
    const log = await logOf(system.database);
    const invited = ['MemberInvited', 'InvitationAccepted', 'MemberAdded'];
    expect(typesIn(log, `household-${flat}`)).toStrictEqual([
      'HouseholdCreated',
      ...invited,
      ...invited,
      'HouseholdRenamed',
      'OwnershipTransferred',
      'OwnershipTransferred',
      'MemberRemoved',
    ]);
    await system.expectOneOwner(flat);
    await system.expectSound();
  });

  it('the processes log no secret', () => {
    for (const { output } of system.servers) {
      expect(output()).not.toMatch(/@example\.com|eyJ|lkr_|The Flat/);
    }
  });
});
