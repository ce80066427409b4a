/** 32 bytes derived from a master key for one purpose. `id` (0 to 255) marks what was made with it. */
export type DerivedKey = Readonly<{ id: number; bytes: Uint8Array }>;

/** The keys for one purpose: new things are made with `current`, older ones still open with the rest. */
export type KeyRing = Readonly<{
  current: DerivedKey;
  /** Every key known under that id: two master keys may collide in one byte. */
  find(id: number): readonly DerivedKey[];
}>;
