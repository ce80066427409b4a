type CheckAfterAppend<Stored, Current, Contradiction> = Readonly<{
  /** Appends a decision that rests on other streams as they were before. */
  append: () => Promise<Stored>;
  /** Reads again what other streams may have changed meanwhile. */
  readAgain: (stored: Stored) => Promise<Current>;
  /** Finds what must not stand beside the stored decision; undefined: both may stand. */
  findContradiction: (
    current: Current,
  ) => Contradiction | undefined | Promise<Contradiction | undefined>;
  /** Appends what ends the contradiction. Throws where the caller is to be refused. */
  compensate: (contradiction: Contradiction, stored: Stored) => Promise<void>;
}>;

/**
 * Appends, then reads again what another stream may have changed meanwhile, and compensates. No append
 * locks the stream of another aggregate. Where two commands depend on each other's stream, each appends
 * before it reads the other's: at least one of them sees the other, whichever comes first (ADR 19).
 * @returns what was stored, and what was read after it
 */
export const checkAfterAppend = async <Stored, Current, Contradiction>({
  append,
  readAgain,
  findContradiction,
  compensate,
}: CheckAfterAppend<Stored, Current, Contradiction>): Promise<
  Readonly<{ stored: Stored; current: Current }>
> => {
  const stored = await append();
  const current = await readAgain(stored);
  const contradiction = await findContradiction(current);
  if (contradiction !== undefined) await compensate(contradiction, stored);
  return { stored, current };
};
