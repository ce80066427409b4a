import { hashSync } from 'bcryptjs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  loadBcryptEngine,
  loadBcryptJs,
  loadNodeRsBcrypt,
} from '../../../src/adapters/hashing/bcrypt-engine.ts';

const engines = await Promise.all([loadNodeRsBcrypt(), loadBcryptJs()]);

/** `$2b$` with the lowest cost. */
const hashOf = (password: string) => hashSync(password, 4);

describe.each(engines)('$name', (engine) => {
  it('matches a password and no other', async () => {
    expect(await engine.verify(hashOf('pässword \u{1F511}'), 'pässword \u{1F511}')).toBe(true);
    expect(await engine.verify(hashOf('pässword \u{1F511}'), 'pässword')).toBe(false);
  });

  it('uses 72 bytes of a password, even if they end within a character', async () => {
    const hash = hashOf(`${'x'.repeat(71)}é`);
    expect(await engine.verify(hash, `${'x'.repeat(71)}é and more`)).toBe(true);
    expect(await engine.verify(hash, `${'x'.repeat(71)}e`)).toBe(false);
  });

  it('treats half a surrogate pair as U+FFFD', async () => {
    expect(await engine.verify(hashOf('\ufffd'), '\ud83d')).toBe(true);
  });
});

describe('both engines', () => {
  it('agree on every password', async () => {
    const password = fc.string({ unit: 'binary', maxLength: 40 });
    await fc.assert(
      fc.asyncProperty(password, password, async (hashed, given) => {
        const hash = hashOf(hashed);
        for (const engine of engines) {
          expect(await engine.verify(hash, hashed)).toBe(true);
        }
        const [one, other] = await Promise.all(engines.map((each) => each.verify(hash, given)));
        expect(one).toBe(other);
      }),
      { numRuns: 50 },
    );
  });
});

describe('choosing an engine', () => {
  it('prefers the one that runs off the main thread', async () => {
    expect((await loadBcryptEngine()).name).toBe('@node-rs/bcrypt');
  });
});
