import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type {
  Account,
  AccountDirectory,
} from '../../../../src/application/identity/account-directory.ts';
import { tokens } from '../../../../src/composition/system-tokens.ts';
import { newAccount, PASSWORD_HASH } from '../../../support/identity/new-account.ts';
import {
  type ComposedSystem,
  composeSystem,
  visitor,
} from '../../../support/servers/composed-system.ts';

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
  const created = await system.get(tokens.createAccount)(input, 'unverified', visitor);
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
  it('is found by id, by address and by username', async () => {
    expect(await accounts.findById(account.userId)).toStrictEqual(account);
    expect(await accounts.findByIdentifier(emailOf(account))).toStrictEqual(account);
    expect(await accounts.findByIdentifier(usernameOf(account))).toStrictEqual(account);
  });

  it('shows changes at once', async () => {
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

  it('has no household without a membership', async () => {
    await system.sql('DELETE FROM household_members WHERE user_id = $1', account.userId);
    expect(await accounts.findById(account.userId)).toStrictEqual({
      ...account,
      householdId: null,
      householdRole: null,
      profile: { ...account.profile, household: null },
    });
  });

  it('is found by id without address, username and name', async () => {
    await system.sql(
      'UPDATE users SET email = NULL, username = NULL, display_name = NULL WHERE id = $1',
      account.userId,
    );
    expect(await accounts.findById(account.userId)).toStrictEqual({
      ...account,
      profile: { ...account.profile, email: null, username: null, displayName: null },
    });
  });
});

describe('an account in several households', () => {
  const join = (householdId: string, joinedAt: string) =>
    system.sql(
      `INSERT INTO household_members (household_id, user_id, role, joined_at)
        VALUES ($1, $2, 'viewer', $3)`,
      householdId,
      account.userId,
      joinedAt,
    );
  const leaveHome = () =>
    system.sql(
      'DELETE FROM household_members WHERE user_id = $1 AND household_id = $2',
      account.userId,
      account.householdId,
    );
  const hostOf = async () => {
    const { input } = newAccount();
    return (await system.get(tokens.createAccount)(input, 'unverified', visitor)).householdId;
  };

  it('starts in its default household, whatever it joined before', async () => {
    await join(await hostOf(), '2020-01-01T00:00:00Z');
    expect(await accounts.findById(account.userId)).toStrictEqual(account);
    expect(await accounts.findByIdentifier(emailOf(account))).toStrictEqual(account);
  });

  it('starts in the oldest membership once it has left its default household, or has none', async () => {
    const [younger, older] = [await hostOf(), await hostOf()];
    await join(younger, '2020-01-02T00:00:00Z');
    await join(older, '2020-01-01T00:00:00Z');
    const elsewhere = {
      ...account,
      householdId: older,
      householdRole: 'viewer',
      profile: {
        ...account.profile,
        household: { id: older, name: 'The Smiths', role: 'viewer' },
      },
    };
    await leaveHome();
    expect(await accounts.findById(account.userId)).toStrictEqual(elsewhere);
    await system.sql('UPDATE users SET household_id = NULL WHERE id = $1', account.userId);
    expect(await accounts.findById(account.userId)).toStrictEqual(elsewhere);
  });

  it('is a member of the requested one, with its role there', async () => {
    const host = await hostOf();
    await join(host, '2020-01-01T00:00:00Z');
    const { userId, active, role, tier, emailVerified } = account;
    const principal = { userId, active, role, tier, emailVerified };
    expect(await accounts.findPrincipal(userId, account.householdId ?? '')).toStrictEqual({
      ...principal,
      householdId: account.householdId,
      householdRole: 'owner',
    });
    expect(await accounts.findPrincipal(userId, host)).toStrictEqual({
      ...principal,
      householdId: host,
      householdRole: 'viewer',
    });
  });

  it('is not a member of another one', async () => {
    const nowhere = { householdId: null, householdRole: null };
    for (const other of [await hostOf(), 'hh_unknown']) {
      expect(await accounts.findPrincipal(account.userId, other)).toMatchObject(nowhere);
    }
    expect(await accounts.findPrincipal('user_unknown', await hostOf())).toBeUndefined();
  });
});

describe('the holder of an address', () => {
  const hold = (until: string | null) =>
    system.sql(
      'UPDATE identifier_claims SET held_until = $2 WHERE value = $1',
      emailOf(account).value,
      until,
    );
  const holder = () => accounts.findAddressHolder(emailOf(account).value);

  it('is its account, with the language of mails', async () => {
    expect(await holder()).toStrictEqual({ userId: account.userId, locale: 'en' });
  });

  it('is still the user who changed it, as long as that can be undone', async () => {
    await hold('2999-01-01T00:00:00Z');
    expect(await holder()).toStrictEqual({ userId: account.userId, locale: 'en' });
    expect(await accounts.findByIdentifier(emailOf(account))).toBeUndefined();
    await hold('2020-01-01T00:00:00Z');
    expect(await holder()).toBeUndefined();
  });

  it('is undefined while the claim is not confirmed, or under another kind', async () => {
    const claimed = { kind: 'email', value: `new-${emailOf(account).value}` } as const;
    await system.get(tokens.identifiers).claim([claimed], account.userId);
    expect(await accounts.findAddressHolder(claimed.value)).toBeUndefined();
    expect(await accounts.findAddressHolder(usernameOf(account).value)).toBeUndefined();
  });
});

describe('the latest account with a pending address', () => {
  const waitFor = async (email: string) => {
    const { input } = newAccount();
    const created = await system.get(tokens.createAccount)(input, 'unverified', visitor);
    await system.sql('UPDATE users SET pending_email = $2 WHERE id = $1', created.userId, email);
    return created.userId;
  };

  it('is the newest one, with a flag that others wait', async () => {
    const email = 'awaited@example.com';
    expect(await accounts.findLatestPending(email)).toBeUndefined();
    const first = await waitFor(email);
    expect(await accounts.findLatestPending(email)).toStrictEqual({
      userId: first,
      contested: false,
    });
    const second = await waitFor(email);
    expect(await accounts.findLatestPending(email)).toStrictEqual({
      userId: second,
      contested: true,
    });
    await system.sql('UPDATE users SET is_active = false WHERE id = $1', second);
    expect(await accounts.findLatestPending(email)).toStrictEqual({
      userId: first,
      contested: false,
    });
  });
});

describe('an identifier without an account', () => {
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
