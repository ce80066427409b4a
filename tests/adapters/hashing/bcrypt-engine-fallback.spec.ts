import { expect, it, vi } from 'vitest';
import { loadBcryptEngine } from '../../../src/adapters/hashing/bcrypt-engine.ts';

vi.mock('@node-rs/bcrypt', () => {
  throw new Error('Failed to load native binding');
});

it('falls back to bcryptjs where @node-rs/bcrypt does not load', async () => {
  const engine = await loadBcryptEngine();
  const hash = '$2b$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW';
  expect(engine.name).toBe('bcryptjs');
  expect(await engine.verify(hash, 'U*U')).toBe(true);
});
