import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type {
  Account,
  AccountDirectory,
} from '../../../src/application/ports/account-directory.ts';
import { tokens } from '../../../src/system-tokens.ts';
import { type ComposedSystem, composeSystem, visitor } from '../../support/composed-system.ts';
import { newAccount, PASSWORD_HASH } from '../../support/new-account.ts';

let system: ComposedSystem;
let accounts: AccountDirectory;
let account: Account;

beforeAll(async () => {
  system = await composeSystem();
  accounts = system.get(tokens.accounts);
});
afterAll(() => system?.close());

beforeEach(async () => {
  const { input, emailAddress, username } = newAccount();
  const created = await system.get(tokens.createAccount)(input, 'claimed', visitor);
  const { userId, householdId, createdAt } = created;
  account = {
    userId,
    active: true,
    role: 'user',
    tier: 'free',
    emailVerified: false,
    householdId,
    householdRole: 'owner',
    passwordHash: expect.stringMatching(PASSWORD_HASH),
    lockedUntil: null,
    profile: {
      id: userId,
      email: emailAddress,
      emailVerified: false,
      username,
      displayName: 'Ann',
      role: 'user',
      tier: 'free',
      locale: 'en',
      active: true,
      household: { id: householdId, name: 'The Smiths', role: 'owner' },
      createdAt,
    },
  };
});

const emailOf = ({ profile }: Account) => ({ kind: 'email', value: profile.email ?? '' }) as const;
const usernameOf = ({ profile }: Account) =>
  ({ kind: 'username', value: profile.username ?? '' }) as const;

describe('an account', () => {
  it('is found by id, by address and by username alike', async () => {
    expect(await accounts.findById(account.userId)).toStrictEqual(account);
    expect(await accounts.findByIdentifier(emailOf(account))).toStrictEqual(account);
    expect(await accounts.findByIdentifier(usernameOf(account))).toStrictEqual(account);
  });

  it('shows at once what has changed', async () => {
    await system.sql(
      `UPDATE users SET role = 'admin', tier = 'member', password_hash = NULL, is_active = false,
        email_verified_at = '2026-01-01T00:00:00Z', locked_until = '2026-01-02T03:04:05.678Z'
        WHERE id = $1`,
      account.userId,
    );
    const changed = { role: 'admin', tier: 'member', active: false, emailVerified: true } as const;
    expect(await accounts.findById(account.userId)).toStrictEqual({
      ...account,
      ...changed,
      passwordHash: null,
      lockedUntil: '2026-01-02T03:04:05.678Z',
      profile: { ...account.profile, ...changed },
    });
  });

  it('is in no household once it is no member of its home any more', async () => {
    await system.sql('DELETE FROM household_members WHERE user_id = $1', account.userId);
    expect(await accounts.findById(account.userId)).toStrictEqual({
      ...account,
      householdId: null,
      householdRole: null,
      profile: { ...account.profile, household: null },
    });
  });

  it('is still found when it has neither address nor username nor home', async () => {
    await system.sql(
      `UPDATE users SET email = NULL, username = NULL, display_name = NULL, household_id = NULL
        WHERE id = $1`,
      account.userId,
    );
    expect(await accounts.findById(account.userId)).toStrictEqual({
      ...account,
      householdId: null,
      householdRole: null,
      profile: {
        ...account.profile,
        email: null,
        username: null,
        displayName: null,
        household: null,
      },
    });
  });
});

describe('what names no account', () => {
  it('finds nothing', async () => {
    expect(await accounts.findById('user_unknown')).toBeUndefined();
    for (const kind of ['email', 'username'] as const) {
      const unknown = { kind, value: 'unknown@example.com' };
      expect(await accounts.findByIdentifier(unknown)).toBeUndefined();
    }
  });

  it('finds nothing under the other kind of identifier', async () => {
    const { value } = usernameOf(account);
    expect(await accounts.findByIdentifier({ kind: 'email', value })).toBeUndefined();
  });

  it('finds nothing while a claim is not confirmed', async () => {
    const claimed = { kind: 'username', value: `${account.profile.username}.new` } as const;
    await system.get(tokens.identifiers).claim([claimed], account.userId);
    expect(await accounts.findByIdentifier(claimed)).toBeUndefined();
  });
});
