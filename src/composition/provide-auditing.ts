import { collectRouteAccess } from '../adapters/http/access/collect-route-access.ts';
import { createFindRoute } from '../adapters/http/access/route-lookup.ts';
import { registerRoutes } from '../adapters/http/app/register-routes.ts';
import { createExplanations } from '../application/auditing/explanation/explanations.ts';
import { createFindUser } from '../application/auditing/history/as-of-find-user.ts';
import {
  createHistories,
  type HistoryDependencies,
} from '../application/auditing/history/histories.ts';
import type { CompositionModule, Provide } from './provide.ts';
import { tokens } from './system-tokens.ts';

/** What looking back rests on. */
const pastOf = (get: Parameters<Parameters<Provide>[1]>[0]): HistoryDependencies => ({
  eventStore: get(tokens.eventStore),
  events: get(tokens.events),
  audits: get(tokens.auditDirectory),
  clock: get(tokens.clock),
});

/** What auditors ask the log. */
export const provideAudit: CompositionModule = (provide, config) => {
  provide(tokens.histories, (get) => createHistories(pastOf(get)));
  provide(tokens.explanations, (get) =>
    createExplanations({
      ...pastOf(get),
      findRoute: createFindRoute(() =>
        collectRouteAccess((app) => registerRoutes(app, get(tokens.http))),
      ),
      policy: config.session,
    }),
  );
  provide(tokens.audit, (get) => ({
    replayTheft: get(tokens.replayTheft),
    listThefts: get(tokens.listThefts),
    theftReports: get(tokens.theftReports),
    proposeUndo: get(tokens.proposeUndo),
    applyUndo: get(tokens.applyUndo),
    ids: get(tokens.ids),
    clock: get(tokens.clock),
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
