import type { WantedKey } from './import-directory.ts';
import type { ImportProblem } from './import-problem.ts';
import { identifiersOf } from './import-verdict.ts';
import type { ImportableUser } from './parse-import-line.ts';

export type ImportIndex = ReturnType<typeof createImportIndex>;

const keysOf = (user: ImportableUser): readonly WantedKey[] => [
  ...identifiersOf(user),
  ...(user.givenId === null ? [] : [{ kind: 'id', value: user.givenId } as const]),
];

/**
 * Creates an index from requested keys to lines, the only part of a file that is kept in memory.
 */
export const createImportIndex = () => {
  const lines: Readonly<Record<WantedKey['kind'], Map<string, number>>> = {
    email: new Map(),
    username: new Map(),
    id: new Map(),
  };
  return {
    /** Adds a line; returns a conflict if an earlier line requests the same key. */
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

    /** Checks that the line requests the same keys as when it was added. */
    holds: (user: ImportableUser): boolean =>
      keysOf(user).every(({ kind, value }) => lines[kind].get(value) === user.line),
  };
};
