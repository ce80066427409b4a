import { householdAggregate } from '../../../src/application/kernel/aggregate.ts';
import { tokens } from '../../../src/composition/system-tokens.ts';
import type { GrantableRole } from '../../../src/domain/household/household-events.ts';
import { plusSeconds } from '../../../src/domain/instant.ts';
import { visitor } from '../servers/composed-system.ts';
import type { RunningApp } from '../servers/running-app.ts';

/** A user with an access token for a household. */
export type Caller = Readonly<{ userId: string; householdId: string; token: string }>;

let people = 0;

/** Creates users and sessions without the password hash that each would cost over HTTP. */
export const createRouteCallers = ({ get }: Pick<RunningApp, 'get'>) => {
  const now = () => get(tokens.clock).now();

  const account = async () => {
    people += 1;
    const email = `caller-${people}@example.com`;
    const profile = { email, password: 'a horse on a staircase', displayName: 'Ann' };
    return get(tokens.createAccount)(profile, 'verified', visitor);
  };

  /** @param age of the sign-in, in seconds */
  const signIn = async (userId: string, householdId: string, age = 0): Promise<Caller> => {
    const principal = await get(tokens.accounts).findPrincipal(userId, householdId);
    if (principal === undefined) throw new TypeError('the user does not exist');
    const session = get(tokens.prepareSession)(
      { principal, deviceName: null, now: plusSeconds(now(), -age) },
      visitor,
    );
    await get(tokens.commands).append([session.append]);
    const { familyId, family } = session;
    const pair = await get(tokens.issueTokenPair)(familyId, family, principal, now());
    return { userId, householdId, token: pair.accessToken };
  };

  return {
    account,
    signIn,
    /** Creates a household whose only member is its owner, who has another default household. */
    household: async (userId: string): Promise<string> => {
      const wish = { userId, name: 'Flat' };
      return (await get(tokens.households).createHousehold(wish, visitor)).id;
    },
    join: async (userId: string, householdId: string, role: GrantableRole): Promise<void> => {
      const data = { userId, role, home: false, now: now() };
      const command = { type: 'AddMember', data } as const;
      await get(tokens.commands).execute(householdAggregate, householdId, command, visitor);
    },
  };
};
