import { createHouseholdScope } from '../adapters/household-data/household-scope.ts';
import { createIsolationCheck } from '../adapters/household-data/isolation-check.ts';
import { createLateReferences } from '../adapters/household-data/late-references.ts';
import { declaredTables } from '../application/household-data/declared-tables.ts';
import { createHouseholdData } from '../application/household-data/household-data.ts';
import { tokens } from '../system-tokens.ts';
import type { Chapter } from './provide.ts';

/** The tables that belong to households, and what keeps these apart. */
export const provideHouseholdData: Chapter = (provide) => {
  provide(tokens.householdScope, (get) => createHouseholdScope(get(tokens.database)));
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
