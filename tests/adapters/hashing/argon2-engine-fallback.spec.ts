import { expect, it, vi } from 'vitest';
import { loadArgon2Engine } from '../../../src/adapters/hashing/argon2-engine.ts';

vi.mock('@node-rs/argon2', () => {
  throw new Error('Failed to load native binding');
});

it('falls back to argon2 where @node-rs/argon2 does not load', async () => {
  const engine = await loadArgon2Engine();
  expect(engine.name).toBe('argon2');
  expect(await engine.verify(await engine.hash('a password'), 'a password')).toBe(true);
});
