import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { tokens } from '../../../src/composition/system-tokens.ts';
import {
  type ComposedSystem,
  openComposedSystem,
  visitor,
} from '../../support/servers/composed-system.ts';

const PASSWORD = 'a horse on a staircase';
const WRONG_PASSWORD = 'Planted Wrong Password';

const planted = {
  email: 'planted.address@example.com',
  username: 'planted_username',
  newUsername: 'planted_newer_username',
  displayName: 'Planted Display Name',
  newDisplayName: 'Planted Newer Name',
  deviceName: 'Planted Device',
  ip: '198.51.100.77',
  userAgent: 'PlantedAgent/9.9',
  thiefIp: '203.0.113.66',
  thiefAgent: 'PlantedThief/6.6',
};
const owner = { ...visitor, client: { ip: planted.ip, userAgent: planted.userAgent } };
const thief = { ...visitor, client: { ip: planted.thiefIp, userAgent: planted.thiefAgent } };

let system: ComposedSystem;
let passwordHash: string;

/** All contents of these tables as text, as an attacker with the database would see it. */
const contents = async (...tables: readonly string[]): Promise<string> => {
  const texts = tables.map(async (table) => {
    const rows = await system.sql<{ row: string }>(`SELECT ROW(t.*)::text AS row FROM ${table} t`);
    return rows.map(({ row }) => row).join('\n');
  });
  return (await Promise.all(texts)).join('\n');
};

const encodings = (text: string): readonly string[] => [
  text,
  Buffer.from(text).toString('hex'),
  // Without the ends, which depend on the surrounding text.
  Buffer.from(text).toString('base64').slice(0, -4),
  Buffer.from(`x${text}`).toString('base64').slice(4, -4),
  Buffer.from(`xx${text}`).toString('base64').slice(4, -4),
];

beforeAll(async () => {
  system = await openComposedSystem();
  const { registration, signIn, changeProfile, rotateRefreshToken } = system.get(tokens.http);
  const { email, username, displayName, deviceName } = planted;
  const account = { email, username, displayName, deviceName, password: PASSWORD };
  const { user, refreshToken } = await registration.registerUser(account, owner);
  await changeProfile(
    user.id,
    { displayName: planted.newDisplayName, username: planted.newUsername },
    { ...owner, actor: user.id },
  );
  await expect(
    signIn({ identifier: email, password: WRONG_PASSWORD }, owner),
  ).rejects.toMatchObject({ code: 'invalid_credentials' });
  await signIn({ identifier: email, password: PASSWORD, deviceName }, owner);
  await rotateRefreshToken(refreshToken, owner);
  await expect(rotateRefreshToken(refreshToken, thief)).rejects.toMatchObject({
    code: 'refresh_token_reused',
  });
  const rows = await system.sql<{ password_hash: string }>('SELECT password_hash FROM users');
  passwordHash = rows[0]?.password_hash ?? '';
});
afterAll(() => system?.close());

describe('the log at rest', () => {
  it('holds an event for every action', async () => {
    const types = await system.sql<{ type: string }>('SELECT DISTINCT type FROM events ORDER BY 1');
    expect(types.map(({ type }) => type)).toStrictEqual([
      'DisplayNameChanged',
      'EmailVerificationRequested',
      'HouseholdCreated',
      'RefreshTokenRotated',
      'SignInFailed',
      'TokenFamilyRevoked',
      'TokenFamilyStarted',
      'TokenTheftDetected',
      'UserRegistered',
      'UsernameChanged',
    ]);
  });

  it('holds no personal data in events or snapshots, in any encoding', async () => {
    const log = (await contents('events', 'streams', 'subject_keys')).toLowerCase();
    expect(passwordHash).toMatch(/^\$argon2id\$/);
    const secrets = [...Object.values(planted), passwordHash, PASSWORD, WRONG_PASSWORD];
    const found = secrets.filter((secret) =>
      encodings(secret).some((text) => log.includes(text.toLowerCase())),
    );
    expect(found).toStrictEqual([]);
    expect(log).not.toContain('argon2');
  });

  it('is searched by a method that finds personal data in the projected tables', async () => {
    const rows = await contents('users', 'sessions');
    const { newUsername, newDisplayName, email, deviceName, ip, userAgent } = planted;
    for (const text of [newUsername, newDisplayName, email, deviceName, ip, userAgent]) {
      expect(rows).toContain(text);
    }
    expect(rows).toContain(passwordHash);
  });

  it('holds no password anywhere, and no token', async () => {
    const all = await contents('users', 'sessions', 'refresh_tokens', 'events', 'streams');
    for (const text of [PASSWORD, WRONG_PASSWORD]) expect(all).not.toContain(text);
    // Whole tokens: any long ciphertext contains a few letters of one by chance.
    for (const token of [/lkr_[\w-]{90}/, /eyJ[\w-]{20,}\.eyJ/]) expect(all).not.toMatch(token);
  });
});
