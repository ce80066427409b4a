import { createIsolationCheck } from '../adapters/household-data/isolation-check.ts';
import { createLateReferences } from '../adapters/household-data/late-references.ts';
import { createPostgresHouseholdScope } from '../adapters/household-data/postgres-household-scope.ts';
import { createPostgresReleaseMembers } from '../adapters/household-data/postgres-release-members.ts';
import { declaredTables } from '../application/household-data/declared-tables.ts';
import { createHouseholdData } from '../application/household-data/household-data.ts';
import type { CompositionModule } from './provide.ts';
import { tokens } from './system-tokens.ts';

/** Registers the declared tables of households and the checks of their isolation. */
export const provideHouseholdData: CompositionModule = (provide) => {
  provide(tokens.householdScope, (get) => createPostgresHouseholdScope(get(tokens.database)));
  provide(tokens.releaseMembers, (get) =>
    createPostgresReleaseMembers(get(tokens.database), declaredTables),
  );
  provide(tokens.checkIsolation, (get) =>
    createIsolationCheck(get(tokens.database), declaredTables),
  );
  provide(tokens.checkLateReferences, (get) => createLateReferences(get(tokens.database)));
  provide(tokens.householdTables, (get) => ({
    tables: declaredTables,
    data: createHouseholdData({
      inHousehold: get(tokens.householdScope),
      ids: get(tokens.ids),
      clock: get(tokens.clock),
    }),
    listCursors: get(tokens.listCursors),
  }));
};
