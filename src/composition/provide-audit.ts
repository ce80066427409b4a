import { createFindRoute } from '../adapters/http/route-lookup.ts';
import { routeRequirements } from '../adapters/http/route-requirements.ts';
import { createFindUser } from '../application/auditing/as-of-find-user.ts';
import { createExplanations } from '../application/auditing/explanations.ts';
import { createFindBlastRadius } from '../application/auditing/find-blast-radius.ts';
import { createHistories, type HistoryDependencies } from '../application/auditing/histories.ts';
import { createReplayTheft } from '../application/auditing/replay-theft.ts';
import { tokens } from '../system-tokens.ts';
import type { Chapter, Provide } from './provide.ts';

/** What looking back rests on. */
const pastOf = (get: Parameters<Parameters<Provide>[1]>[0]): HistoryDependencies => ({
  eventStore: get(tokens.eventStore),
  events: get(tokens.events),
  audits: get(tokens.auditDirectory),
  clock: get(tokens.clock),
});

/** What auditors ask the log. */
export const provideAudit: Chapter = (provide, config) => {
  provide(tokens.findBlastRadius, (get) =>
    createFindBlastRadius({
      eventStore: get(tokens.eventStore),
      auditDirectory: get(tokens.auditDirectory),
    }),
  );
  provide(tokens.replayTheft, (get) =>
    createReplayTheft({
      eventStore: get(tokens.eventStore),
      findBlastRadius: get(tokens.findBlastRadius),
      policy: config.session.replay,
    }),
  );
  provide(tokens.histories, (get) => createHistories(pastOf(get)));
  provide(tokens.explanations, (get) =>
    createExplanations({
      ...pastOf(get),
      findRoute: createFindRoute(routeRequirements(get(tokens.householdTables).tables)),
      policy: config.session,
    }),
  );
  provide(tokens.audit, (get) => ({
    replayTheft: get(tokens.replayTheft),
    evidence: get(tokens.evidence),
    findUser: createFindUser({
      eventStore: get(tokens.eventStore),
      accounts: get(tokens.accounts),
    }),
    ...get(tokens.histories),
    ...get(tokens.explanations),
    log: get(tokens.logEvidence),
  }));
};
