import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { UserDirectory } from '../../../../src/application/identity/user-directory.ts';
import { tokens } from '../../../../src/composition/system-tokens.ts';
import { newAccount } from '../../../support/identity/new-account.ts';
import {
  type ComposedSystem,
  composeSystem,
  visitor,
} from '../../../support/servers/composed-system.ts';

let system: ComposedSystem;
let users: UserDirectory;

beforeAll(async () => {
  system = await composeSystem();
  users = system.get(tokens.users);
});
afterAll(() => system?.close());

const register = async () => {
  const { input, emailAddress: email, username } = newAccount();
  const account = await system.get(tokens.createAccount)(input, 'unverified', visitor);
  const { userId: id, householdId, createdAt } = account;
  const profile = {
    id,
    email,
    emailVerified: false,
    username,
    displayName: 'Ann',
    role: 'user',
    tier: 'free',
    locale: 'en',
    active: true,
    household: { id: householdId, name: 'The Smiths', role: 'owner' },
    createdAt,
  };
  return { id, profile };
};

describe('a directory without accounts', () => {
  it('is empty', async () => {
    expect(await users.isEmpty()).toBe(true);
  });
});

describe('a directory with an account', () => {
  it('is not empty', async () => {
    await register();
    expect(await users.isEmpty()).toBe(false);
  });

  it('returns the profile of an account', async () => {
    const user = await register();
    const another = await register();
    expect(await users.findProfile(user.id)).toStrictEqual(user.profile);
    expect(await users.findProfile(another.id)).toStrictEqual(another.profile);
  });

  it('shows later changes', async () => {
    const { id, profile } = await register();
    await system.sql(
      `UPDATE users SET email = NULL, username = NULL, display_name = NULL, role = 'admin',
        tier = 'anonymous', is_active = false, email_verified_at = now() WHERE id = $1`,
      id,
    );
    await system.sql(`UPDATE household_members SET role = 'viewer' WHERE user_id = $1`, id);
    expect(await users.findProfile(id)).toStrictEqual({
      ...profile,
      email: null,
      emailVerified: true,
      username: null,
      displayName: null,
      role: 'admin',
      tier: 'anonymous',
      active: false,
      household: { ...profile.household, role: 'viewer' },
    });
  });

  it('shows no household when the user is not a member', async () => {
    const { id, profile } = await register();
    await system.sql('DELETE FROM household_members WHERE user_id = $1', id);
    expect(await users.findProfile(id)).toStrictEqual({ ...profile, household: null });
  });

  it('finds no profile by another id', async () => {
    const { profile } = await register();
    expect(await users.findProfile('user_unknown')).toBeUndefined();
    expect(await users.findProfile(profile.username)).toBeUndefined();
  });
});
