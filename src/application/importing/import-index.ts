import type { WantedKey } from './import-directory.ts';
import type { ImportProblem } from './import-problem.ts';
import { identifiersOf } from './import-verdict.ts';
import type { ImportableUser } from './parse-import-line.ts';

export type ImportIndex = ReturnType<typeof createImportIndex>;

const keysOf = (user: ImportableUser): readonly WantedKey[] => [
  ...identifiersOf(user),
  ...(user.givenId === null ? [] : [{ kind: 'id', value: user.givenId } as const]),
];

/** The keys of each line: all that is kept of a file, however long it is. */
export const createImportIndex = () => {
  const lines: Readonly<Record<WantedKey['kind'], Map<string, number>>> = {
    email: new Map(),
    username: new Map(),
    id: new Map(),
  };
  return {
    /** Takes the line in, unless another has what it wants: the first one has it. */
    add: (user: ImportableUser): ImportProblem | undefined => {
      const { line } = user;
      const keys = keysOf(user);
      for (const { kind, value } of keys) {
        const otherLine = lines[kind].get(value);
        if (otherLine !== undefined) return { line, code: 'conflict', kind, otherLine };
      }
      for (const { kind, value } of keys) lines[kind].set(value, line);
      return undefined;
    },

    /** Tells whether the line asks for what it asked for when it was imported. */
    holds: (user: ImportableUser): boolean =>
      keysOf(user).every(({ kind, value }) => lines[kind].get(value) === user.line),
  };
};
