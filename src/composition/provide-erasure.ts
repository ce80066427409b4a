import { createPostgresPersonalTraces } from '../adapters/postgres/erasure/postgres-personal-traces.ts';
import { createPostgresUnverifiedAccounts } from '../adapters/postgres/erasure/postgres-unverified-accounts.ts';
import { createEraseAccount } from '../application/erasure/erase-account.ts';
import { createEraseUnverifiedAccounts } from '../application/erasure/erase-unverified-accounts.ts';
import { createEraseUser } from '../application/erasure/erase-user.ts';
import { createExportAccount } from '../application/erasure/export-account.ts';
import { createLeaveHouseholds } from '../application/erasure/leave-households.ts';
import { declaredTables } from '../application/household-data/declared-tables.ts';
import type { CompositionModule } from './provide.ts';
import { tokens } from './system-tokens.ts';

/** Registers the erasure of users and the export of an account. */
export const provideErasure: CompositionModule = (provide) => {
  provide(tokens.eraseUser, (get) =>
    createEraseUser({
      commands: get(tokens.commands),
      eventStore: get(tokens.eventStore),
      keepAnAdmin: get(tokens.keepAnAdmin),
      sessions: get(tokens.sessions),
      leaveHouseholds: createLeaveHouseholds({
        commands: get(tokens.commands),
        households: get(tokens.householdDirectory),
        log: get(tokens.auditDirectory),
        releaseMembers: get(tokens.releaseMembers),
        invitations: get(tokens.invitationDirectory),
        addresses: get(tokens.invitationAddresses),
        clock: get(tokens.clock),
      }),
      storeAlongWithSessions: get(tokens.storeAlongWithSessions),
      traces: createPostgresPersonalTraces(get(tokens.database)),
      clock: get(tokens.clock),
    }),
  );
  provide(tokens.eraseUnverifiedAccounts, (get) =>
    createEraseUnverifiedAccounts({
      accounts: createPostgresUnverifiedAccounts(get(tokens.database)),
      eraseUser: get(tokens.eraseUser),
      ids: get(tokens.ids),
      clock: get(tokens.clock),
    }),
  );
  provide(tokens.eraseAccount, (get) =>
    createEraseAccount({
      accounts: get(tokens.accounts),
      stepUp: get(tokens.stepUp),
      sessions: get(tokens.sessions),
      eraseUser: get(tokens.eraseUser),
    }),
  );
  provide(tokens.exportAccount, (get) =>
    createExportAccount({
      users: get(tokens.users),
      sessions: get(tokens.sessions),
      households: get(tokens.householdDirectory),
      log: get(tokens.auditDirectory),
      eventStore: get(tokens.eventStore),
      inHousehold: get(tokens.householdScope),
      tables: declaredTables,
      clock: get(tokens.clock),
    }),
  );
};
