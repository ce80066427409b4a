import type { Administration } from '../../adapters/http/routes/administration/admin-routes.ts';
import type { ChangeRole } from '../../application/administration/change-role.ts';
import type { ChangeTier } from '../../application/administration/change-tier.ts';
import type { DeactivateUser } from '../../application/administration/deactivate-user.ts';
import type { ExclusiveSection } from '../../application/administration/exclusive-section.ts';
import type { KeepAnAdmin } from '../../application/administration/keep-an-admin.ts';
import type { ReactivateUser } from '../../application/administration/reactivate-user.ts';
import type { ReadUser } from '../../application/administration/read-user.ts';
import type { RequireAdmin } from '../../application/administration/require-admin.ts';
import type { SearchUsers } from '../../application/administration/search-users.ts';
import type { UnlockUser } from '../../application/administration/unlock-user.ts';
import type { UserAdministrationDirectory } from '../../application/administration/user-administration-directory.ts';
import { token } from './token.ts';

export const administrationTokens = {
  administeredUsers: token<UserAdministrationDirectory>('UserAdministrationDirectory'),
  exclusively: token<ExclusiveSection>('ExclusiveSection'),
  requireAdmin: token<RequireAdmin>('RequireAdmin'),
  keepAnAdmin: token<KeepAnAdmin>('KeepAnAdmin'),
  changeRole: token<ChangeRole>('ChangeRole'),
  changeTier: token<ChangeTier>('ChangeTier'),
  deactivateUser: token<DeactivateUser>('DeactivateUser'),
  reactivateUser: token<ReactivateUser>('ReactivateUser'),
  unlockUser: token<UnlockUser>('UnlockUser'),
  administration: token<Administration>('Administration'),
  readUser: token<ReadUser>('ReadUser'),
  searchUsers: token<SearchUsers>('SearchUsers'),
} as const;
