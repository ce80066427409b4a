/**
 * 32 bytes derived from a master key for one purpose. `id` (0 to 255) is stored with its output.
 */
export type DerivedKey = Readonly<{ id: number; bytes: Uint8Array }>;

/**
 * The keys for one purpose: `current` encrypts or signs new data, the others still open older data.
 */
export type KeyRing = Readonly<{
  current: DerivedKey;
  /** Finds all keys with an id: two master keys may share the same byte. */
  find(id: number): readonly DerivedKey[];
}>;
