import { createPostgresPersonalTraces } from '../adapters/postgres/postgres-personal-traces.ts';
import { createLeaveHouseholds } from '../application/households/leave-households.ts';
import { createEraseAccount } from '../application/use-cases/erase-account.ts';
import { createEraseUser } from '../application/use-cases/erase-user.ts';
import { tokens } from '../system-tokens.ts';
import type { Chapter } from './provide.ts';

/** How somebody is forgotten. */
export const provideErasure: Chapter = (provide) => {
  provide(tokens.eraseUser, (get) =>
    createEraseUser({
      commands: get(tokens.commands),
      keepAnAdmin: get(tokens.keepAnAdmin),
      sessions: get(tokens.sessions),
      leaveHouseholds: createLeaveHouseholds({
        commands: get(tokens.commands),
        households: get(tokens.householdDirectory),
        log: get(tokens.auditDirectory),
        releaseMembers: get(tokens.releaseMembers),
        addresses: get(tokens.invitationAddresses),
        clock: get(tokens.clock),
      }),
      storeAlongWithSessions: get(tokens.storeAlongWithSessions),
      traces: createPostgresPersonalTraces(get(tokens.database)),
      clock: get(tokens.clock),
    }),
  );
  provide(tokens.eraseAccount, (get) =>
    createEraseAccount({
      accounts: get(tokens.accounts),
      stepUp: get(tokens.stepUp),
      eraseUser: get(tokens.eraseUser),
    }),
  );
};
