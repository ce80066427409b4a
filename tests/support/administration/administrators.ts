import { tokens } from '../../../src/composition/system-tokens.ts';
import { visitor } from '../servers/composed-system.ts';
import type { Answer, SignedIn } from '../servers/http-client.ts';
import type { RunningApp } from '../servers/running-app.ts';

/** Registers a new administrator; the access token does not say so. */
export const signUpAdmin = async (
  { client, get }: Pick<RunningApp, 'client' | 'get'>,
  profile: object = {},
): Promise<SignedIn> => {
  const person = await client.signUp(profile);
  await get(tokens.changeRole)({ userId: person.user.id, role: 'admin' }, visitor);
  return person;
};

type Page<Item> = Readonly<{ items: readonly Item[]; nextCursor: string | null }>;

/** Follows the cursors of a list to its end. @returns the pages */
export const readPages = async <Item>(
  read: (cursor: string | undefined) => Promise<Page<Item>>,
): Promise<readonly (readonly Item[])[]> => {
  const pages: (readonly Item[])[] = [];
  let cursor: string | null | undefined;
  while (cursor !== null) {
    const page = await read(cursor);
    pages.push(page.items);
    cursor = page.nextCursor;
  }
  return pages;
};

export const idsIn = ({ json }: Answer): readonly string[] =>
  (json as { users: { id: string }[] }).users.map(({ id }) => id);
