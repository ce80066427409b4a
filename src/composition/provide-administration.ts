import { createKnexUserAdministrationDirectory } from '../adapters/postgres/administration/knex-user-administration-directory.ts';
import { createPostgresExclusiveSection } from '../adapters/postgres/administration/postgres-exclusive-section.ts';
import { createChangeRole } from '../application/administration/change-role.ts';
import { createChangeTier } from '../application/administration/change-tier.ts';
import { createDeactivateUser } from '../application/administration/deactivate-user.ts';
import { createKeepAnAdmin } from '../application/administration/keep-an-admin.ts';
import { createReactivateUser } from '../application/administration/reactivate-user.ts';
import { createReadUser } from '../application/administration/read-user.ts';
import { createRequireAdmin } from '../application/administration/require-admin.ts';
import { createSearchUsers } from '../application/administration/search-users.ts';
import { createUnlockUser } from '../application/administration/unlock-user.ts';
import type { CompositionModule } from './provide.ts';
import { tokens } from './system-tokens.ts';

const provideGuards: CompositionModule = (provide) => {
  provide(tokens.exclusively, (get) => createPostgresExclusiveSection(get(tokens.database)));
  provide(tokens.requireAdmin, (get) => createRequireAdmin({ accounts: get(tokens.accounts) }));
  provide(tokens.keepAnAdmin, (get) =>
    createKeepAnAdmin({ accounts: get(tokens.accounts), exclusively: get(tokens.exclusively) }),
  );
};

const provideCommands: CompositionModule = (provide) => {
  provide(tokens.changeRole, (get) =>
    createChangeRole({
      commands: get(tokens.commands),
      keepAnAdmin: get(tokens.keepAnAdmin),
      clock: get(tokens.clock),
    }),
  );
  provide(tokens.changeTier, (get) =>
    createChangeTier({ commands: get(tokens.commands), clock: get(tokens.clock) }),
  );
  provide(tokens.unlockUser, (get) =>
    createUnlockUser({ commands: get(tokens.commands), clock: get(tokens.clock) }),
  );
  provide(tokens.deactivateUser, (get) =>
    createDeactivateUser({
      keepAnAdmin: get(tokens.keepAnAdmin),
      endSessionsAlongWith: get(tokens.endSessionsAlongWith),
      clock: get(tokens.clock),
    }),
  );
  provide(tokens.reactivateUser, (get) =>
    createReactivateUser({ commands: get(tokens.commands), clock: get(tokens.clock) }),
  );
};

/** Registers roles, tiers, account status and the search for users. */
export const provideAdministration: CompositionModule = (provide, config, environment) => {
  provideGuards(provide, config, environment);
  provideCommands(provide, config, environment);
  provide(tokens.administeredUsers, (get) =>
    createKnexUserAdministrationDirectory(get(tokens.database)),
  );
  provide(tokens.readUser, (get) => createReadUser({ users: get(tokens.administeredUsers) }));
  provide(tokens.searchUsers, (get) => createSearchUsers({ users: get(tokens.administeredUsers) }));
  provide(tokens.administration, (get) => ({
    readUser: get(tokens.readUser),
    searchUsers: get(tokens.searchUsers),
    searchEvents: get(tokens.searchEvents),
    replayTheft: get(tokens.replayTheft),
    listThefts: get(tokens.listThefts),
    histories: get(tokens.histories),
    changeRole: get(tokens.changeRole),
    changeTier: get(tokens.changeTier),
    eraseUser: get(tokens.eraseUser),
    deactivateUser: get(tokens.deactivateUser),
    reactivateUser: get(tokens.reactivateUser),
    unlockUser: get(tokens.unlockUser),
    endSessions: get(tokens.endSessions),
    listCursors: get(tokens.listCursors),
  }));
};
