import { pbkdf2Sync } from 'node:crypto';
import bcrypt from 'bcryptjs';

const KEY_BYTES = 32;

const derive = (password: string, salt: Buffer | string, iterations: number): Buffer =>
  pbkdf2Sync(password, salt, iterations, KEY_BYTES, 'sha256');

/** passlib's base64: '.' for '+', no padding. */
const passlibBase64 = (bytes: Buffer): string =>
  bytes.toString('base64').replaceAll('+', '.').replaceAll('=', '');

/** As other frameworks store a password; the salts are given, so that a dump is always the same. */
export const legacyHashes = {
  /** Better Auth, Rails, passlib and others. @param salt 22 characters of bcrypt's alphabet */
  bcrypt12: (password: string, salt: string): string => bcrypt.hashSync(password, `$2b$12$${salt}`),
  passlib: (password: string, salt: string): string => {
    const bytes = Buffer.from(salt);
    const key = passlibBase64(derive(password, bytes, 29_000));
    return `$pbkdf2-sha256$29000$${passlibBase64(bytes)}$${key}`;
  },
  django: (password: string, salt: string): string =>
    `pbkdf2_sha256$260000$${salt}$${derive(password, salt, 260_000).toString('base64')}`,
  werkzeug: (password: string, salt: string): string =>
    `pbkdf2:sha256:150000$${salt}$${derive(password, salt, 150_000).toString('hex')}`,
};
