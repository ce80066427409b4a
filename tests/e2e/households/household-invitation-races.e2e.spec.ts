import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import {
  type HouseholdServers,
  startHouseholdServers,
} from '../../support/households/households-on-two-servers.ts';
import type { Answer, SignedIn } from '../../support/servers/http-client.ts';
import { logOf, typesIn } from '../../support/servers/log-of.ts';
import { outcomes } from '../../support/servers/two-servers.ts';

const CROWD = 20;
const MEMBERS = 3;

describe('when two processes receive twenty parallel requests about one invitation', () => {
  let system: HouseholdServers;
  let owner: SignedIn;
  let guest: SignedIn;
  let others: readonly SignedIn[];

  beforeAll(async () => {
    system = await startHouseholdServers({ LATCHKEY_HOUSEHOLD_MEMBERS: String(MEMBERS) });
    owner = await system.settle();
    guest = await system.settle();
    others = await Promise.all([system.settle(), system.settle(), system.settle()]);
  });
  afterAll(() => system.close());
  afterEach(() => system.expectSound());

  const newHousehold = () => system.homes[0].found(owner.accessToken);
  const memberIds = async (household: string): Promise<readonly string[]> => {
    const rows = await system.database.query<{ user_id: string }>({
      text: 'SELECT user_id FROM household_members WHERE household_id = $1 ORDER BY joined_at',
      values: [household],
    });
    return rows.map(({ user_id }) => user_id);
  };
  const count = async (household: string, types: readonly string[]): Promise<number> => {
    const log = await logOf(system.database);
    return typesIn(log, `household-${household}`).filter((type) => types.includes(type)).length;
  };
  const successes = (answers: readonly Answer[]) =>
    answers.filter(({ status }) => status < 300).length;

  it('the invited user joins once', async () => {
    const household = await newHousehold();
    const token = await system.invite(owner, household, guest.user.email);
    const answers = await system.race(CROWD, (homes) => homes.accept(guest.accessToken, token));
    expect(outcomes(answers)).toStrictEqual({ 200: 1, token_invalid: CROWD - 1 });
    expect(await memberIds(household)).toStrictEqual([owner.user.id, guest.user.id]);
    expect(await count(household, ['InvitationAccepted', 'MemberAdded'])).toBe(2);
  });

  it('only a user who has verified the address joins, even if others have the link', async () => {
    const household = await newHousehold();
    const token = await system.invite(owner, household, guest.user.email);
    const people = [...others, guest];
    const answers = await system.race(CROWD, (homes, n) =>
      homes.accept(people[n % people.length]?.accessToken ?? '', token),
    );
    const byGuest = answers.filter((_, n) => people[n % people.length] === guest);
    expect(outcomes(byGuest)).toStrictEqual({ 200: 1, token_invalid: byGuest.length - 1 });
    const { invitation_for_other_address: foreign = 0, token_invalid: late = 0 } = outcomes(
      answers.filter((_, n) => people[n % people.length] !== guest),
    );
    expect(foreign + late).toBe(CROWD - byGuest.length);
    expect(await memberIds(household)).toStrictEqual([owner.user.id, guest.user.id]);
  });

  it('the invitation is either accepted, revoked or declined, and that once', async () => {
    for (let round = 0; round < 5; round += 1) {
      const household = await newHousehold();
      const token = await system.invite(owner, household, guest.user.email);
      const { json } = await system.homes[0].invitations(owner.accessToken, household);
      const [{ id = '' } = {}] = (json as { invitations: { id: string }[] }).invitations;
      const answers = await system.race(CROWD, (homes, n) => {
        if (n % 3 === 0) return homes.accept(guest.accessToken, token);
        return n % 3 === 1 ? homes.revoke(owner.accessToken, household, id) : homes.decline(token);
      });
      expect(successes(answers)).toBe(1);
      const { token_invalid: invalid = 0, invitation_not_found: gone = 0 } = outcomes(answers);
      expect(invalid + gone).toBe(CROWD - 1);
      const isIn = answers.some(({ status }) => status === 200);
      expect(await memberIds(household)).toStrictEqual(
        isIn ? [owner.user.id, guest.user.id] : [owner.user.id],
      );
      const ends = ['InvitationAccepted', 'InvitationRevoked', 'InvitationDeclined'];
      expect(await count(household, ends)).toBe(1);
    }
  });

  it('no more users join than the household has places', async () => {
    const household = await newHousehold();
    const tokens: string[] = [];
    for (const { user } of others) tokens.push(await system.invite(owner, household, user.email));
    const token = await system.invite(owner, household, guest.user.email);
    expect((await system.homes[1].accept(guest.accessToken, token)).status).toBe(200);
    const answers = await system.race(CROWD, (homes, n) =>
      homes.accept(others[n % 3]?.accessToken ?? '', tokens[n % 3] ?? ''),
    );
    expect(successes(answers)).toBe(1);
    const { household_full: full = 0, token_invalid: late = 0 } = outcomes(answers);
    expect(full + late).toBe(CROWD - 1);
    expect(await memberIds(household)).toHaveLength(MEMBERS);
  });

  it('repeated requests create one invitation and send one mail', async () => {
    const household = await newHousehold();
    const email = 'wanted@example.com';
    const answers = await system.race(CROWD, (homes) =>
      homes.invite(owner.accessToken, household, email),
    );
    expect(outcomes(answers)).toStrictEqual({ 201: 1, already_invited: CROWD - 1 });
    await system.tokenTo(email);
    expect(await system.mailsTo(email)).toHaveLength(1);
    const rows = await system.database.query({
      text: 'SELECT FROM invitation_addresses WHERE email = $1',
      values: [email],
    });
    expect(rows).toHaveLength(1);
  });
});
