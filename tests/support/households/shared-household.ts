import { householdAggregate } from '../../../src/application/kernel/aggregate.ts';
import { tokens } from '../../../src/composition/system-tokens.ts';
import type { GrantableRole } from '../../../src/domain/household/household-events.ts';
import { type ComposedSystem, visitor } from '../servers/composed-system.ts';
import { AGENT, PASSWORD, type SignedIn } from '../servers/http-client.ts';
import type { RunningApp } from '../servers/running-app.ts';
import { createHouseholdClient, type HouseholdClient } from './household-client.ts';

let people = 0;

/** Signs up a user with a verified address. */
export const signUpVerified = async ({ get }: Pick<ComposedSystem, 'get'>): Promise<SignedIn> => {
  people += 1;
  const email = `proven-${people}@example.com`;
  const input = { email, password: PASSWORD, displayName: `Person ${people}` };
  const { registerUser } = get(tokens.registration);
  const atLaptop = { ...visitor, client: { ...visitor.client, userAgent: AGENT } };
  const session = await registerUser(input, atLaptop, 'verified');
  return { tokenType: 'Bearer', ...session, user: { id: session.user.id, email } };
};

/** Adds a member without an invitation. */
export const takeOver = async (
  { get }: Pick<ComposedSystem, 'get'>,
  householdId: string,
  userId: string,
  role: GrantableRole,
): Promise<void> => {
  const now = get(tokens.clock).now();
  const data = { userId, role, home: false, now };
  const command = { type: 'AddMember', data } as const;
  await get(tokens.commands).execute(householdAggregate, householdId, command, visitor);
};

export type SharedHousehold = Readonly<{
  id: string;
  homes: HouseholdClient;
  owner: SignedIn;
  admin: SignedIn;
  member: SignedIn;
  viewer: SignedIn;
  stranger: SignedIn;
}>;

/**
 * A household with a member of each role, and a user who is no member; all act in their default
 * one.
 */
export const shareHousehold = async (
  app: Pick<RunningApp, 'get' | 'client'>,
): Promise<SharedHousehold> => {
  const homes = createHouseholdClient(app.client);
  const join = async (householdId: string, role: GrantableRole): Promise<SignedIn> => {
    const person = await signUpVerified(app);
    await takeOver(app, householdId, person.user.id, role);
    return person;
  };
  const owner = await signUpVerified(app);
  const id = await homes.found(owner.accessToken);
  const admin = await join(id, 'admin');
  const member = await join(id, 'member');
  const viewer = await join(id, 'viewer');
  return { id, homes, owner, admin, member, viewer, stranger: await signUpVerified(app) };
};
