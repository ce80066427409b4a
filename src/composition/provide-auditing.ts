import { collectRouteAccess } from '../adapters/http/access/collect-route-access.ts';
import { createFindRoute } from '../adapters/http/access/route-lookup.ts';
import { registerRoutes } from '../adapters/http/app/register-routes.ts';
import { createExplanations } from '../application/auditing/explanation/explanations.ts';
import { createFindUser } from '../application/auditing/history/as-of-find-user.ts';
import {
  createHistories,
  type HistoryDependencies,
} from '../application/auditing/history/histories.ts';
import { createSearchEvents } from '../application/auditing/search-events.ts';
import type { CompositionModule, Provide } from './provide.ts';
import { provideAuditingEvidence } from './provide-auditing-evidence.ts';
import { provideAuditingTheft } from './provide-auditing-theft.ts';
import { tokens } from './system-tokens.ts';

/** The dependencies of every use case that reads the past. */
const pastDependencies = (get: Parameters<Parameters<Provide>[1]>[0]): HistoryDependencies => ({
  eventStore: get(tokens.eventStore),
  events: get(tokens.events),
  audits: get(tokens.auditDirectory),
  clock: get(tokens.clock),
});

/** Registers histories, explanations, the search for events, evidence and theft analysis. */
export const provideAuditing: CompositionModule = (provide, config, environment) => {
  provideAuditingEvidence(provide, config, environment);
  provideAuditingTheft(provide, config, environment);
  provide(tokens.searchEvents, (get) => createSearchEvents({ events: get(tokens.events) }));
  provide(tokens.histories, (get) => createHistories(pastDependencies(get)));
  provide(tokens.explanations, (get) =>
    createExplanations({
      ...pastDependencies(get),
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
