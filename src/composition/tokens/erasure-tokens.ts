import type { EraseAccount } from '../../application/erasure/erase-account.ts';
import type { EraseUser } from '../../application/erasure/erase-user.ts';
import type { ExportAccount } from '../../application/erasure/export-account.ts';
import { token } from './token.ts';

export const erasureTokens = {
  eraseUser: token<EraseUser>('EraseUser'),
  eraseUnverifiedAccounts: token<() => Promise<number>>('EraseUnverifiedAccounts'),
  eraseAccount: token<EraseAccount>('EraseAccount'),
  exportAccount: token<ExportAccount>('ExportAccount'),
} as const;
