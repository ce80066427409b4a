import type { ImportDirectory } from '../../application/importing/import-directory.ts';
import type { ImportUsers } from '../../application/importing/import-users.ts';
import { token } from './token.ts';

export const importingTokens = {
  importDirectory: token<ImportDirectory>('ImportDirectory'),
  importUsers: token<ImportUsers>('ImportUsers'),
} as const;
