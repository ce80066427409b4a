import { tokens } from '../../../src/composition/system-tokens.ts';
import type { ComposedSystem } from '../servers/composed-system.ts';
import type { HttpClient, SignedIn } from '../servers/http-client.ts';

export type Role = 'owner' | 'admin' | 'member' | 'viewer';

/** A user with an access token that acts in a household. */
export type Person = Readonly<{ id: string; householdId: string; token: string }>;

type App = Pick<ComposedSystem, 'get' | 'sql'> & Readonly<{ client: HttpClient }>;

const claimsIn = (token: string) =>
  JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString());

/** A token of the same session that names another household, or none. */
export const tokenFor = (
  { get }: Pick<App, 'get'>,
  { accessToken }: Pick<SignedIn, 'accessToken'>,
  householdId: string | null,
  role: Role | null,
): Promise<string> =>
  get(tokens.accessTokens).issue({
    ...claimsIn(accessToken),
    hh: householdId,
    hh_role: role,
  });

/** Signs up a user who acts in the default household. */
export const newOwner = async ({ client }: Pick<App, 'client'>): Promise<Person> => {
  const { user, accessToken } = await client.signUp();
  return { id: user.id, householdId: claimsIn(accessToken).hh, token: accessToken };
};

/** Signs up a user who acts in the given household. */
export const newMember = async (app: App, householdId: string, role: Role): Promise<Person> => {
  const signedIn = await app.client.signUp();
  await app.sql(
    'INSERT INTO household_members (household_id, user_id, role, joined_at) VALUES ($1, $2, $3, now())',
    householdId,
    signedIn.user.id,
    role,
  );
  const token = await tokenFor(app, signedIn, householdId, role);
  return { id: signedIn.user.id, householdId, token };
};
