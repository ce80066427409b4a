import { pbkdf2Sync, randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import bcrypt from 'bcryptjs';
import { loadArgon2Engine } from '../../src/adapters/hashing/argon2-engine.ts';
import type { Bench } from './bench.ts';
import { type Account, newAccount } from './clients/latchkey-client.ts';
import type { BenchDatabase } from './databases/bench-database.ts';

const BCRYPT_COST = 4;
const PBKDF2_ITERATIONS = 1_000;
const PBKDF2_KEY_BYTES = 32;

/** Hashes in Django's format. */
const hashWithPbkdf2 = (password: string): string => {
  const salt = randomBytes(8).toString('hex');
  const key = pbkdf2Sync(password, salt, PBKDF2_ITERATIONS, PBKDF2_KEY_BYTES, 'sha256');
  return `pbkdf2_sha256$${PBKDF2_ITERATIONS}$${salt}$${key.toString('base64')}`;
};

/** The current scheme, and the cheapest hashes of other systems. */
const hashers = {
  argon2id: async (password: string) => (await loadArgon2Engine()).hash(password),
  bcrypt: (password: string) => bcrypt.hash(password, BCRYPT_COST),
  pbkdf2: async (password: string) => hashWithPbkdf2(password),
};

export type Imported = Readonly<{ scheme: keyof typeof hashers; active?: boolean; count: number }>;

/** Imports accounts with a verified address by `latchkey users import`, one list for each entry. */
export const importAccounts = async <Name extends string>(
  bench: Bench,
  database: BenchDatabase,
  wanted: Readonly<Record<Name, Imported>>,
): Promise<Readonly<Record<Name, readonly Account[]>>> => {
  const lines: string[] = [];
  const accounts = {} as Record<Name, Account[]>;
  for (const name of Object.keys(wanted) as Name[]) {
    const { scheme, active = true, count } = wanted[name];
    accounts[name] = Array.from({ length: count }, newAccount);
    // All accounts have the same password.
    const passwordHash = await hashers[scheme](newAccount().password);
    for (const { email } of accounts[name]) {
      lines.push(JSON.stringify({ email, emailVerified: true, passwordHash, active }));
    }
  }
  const file = path.join(await bench.workFolder(), `${database.name}.jsonl`);
  await writeFile(file, lines.join('\n'));
  await bench.runCommand(database, ['users', 'import', file]);
  return accounts;
};
