import { createListCursors } from '../adapters/http/lists/list-cursor.ts';
import { createKnexUserAdministrationDirectory } from '../adapters/postgres/administration/knex-user-administration-directory.ts';
import { deriveKeyRing } from '../adapters/system/master-key.ts';
import { createReadUser } from '../application/administration/read-user.ts';
import { createSearchUsers } from '../application/administration/search-users.ts';
import { createSearchEvents } from '../application/auditing/search-events.ts';
import type { CompositionModule } from './provide.ts';
import { tokens } from './system-tokens.ts';

/** What administrators see and do. */
export const provideAdmin: CompositionModule = (provide, _config, { masterKeys }) => {
  provide(tokens.listCursors, () => createListCursors(deriveKeyRing(masterKeys, 'list-cursors')));
  provide(tokens.administeredUsers, (get) =>
    createKnexUserAdministrationDirectory(get(tokens.database)),
  );
  provide(tokens.administration, (get) => ({
    readUser: createReadUser({ users: get(tokens.administeredUsers) }),
    searchUsers: createSearchUsers({ users: get(tokens.administeredUsers) }),
    searchEvents: createSearchEvents({ events: get(tokens.events) }),
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
