import { collectRouteAccess } from '../../../src/adapters/http/access/collect-route-access.ts';
import {
  type RouteDependencies,
  registerRoutes,
} from '../../../src/adapters/http/app/register-routes.ts';
import type { RouteAccessTable } from '../../../src/application/auditing/explanation/route-access.ts';
import { declaredTables } from '../../../src/application/household-data/declared-tables.ts';

/** Stands for every dependency of routes that are registered and never called. */
const uncalled: unknown = new Proxy(() => undefined, { get: () => uncalled });

const dependencies: RouteDependencies = new Proxy({} as RouteDependencies, {
  get: (_, name) => {
    if (name === 'publicUrl') return 'http://127.0.0.1:4000';
    if (name === 'listDevelopmentMails') return undefined;
    if (name === 'householdTables') return { tables: declaredTables, data: uncalled };
    return uncalled;
  },
});

let table: Promise<RouteAccessTable> | undefined;

/** The access that every documented route declares, read from the routes without a database. */
export const readRouteAccess = (): Promise<RouteAccessTable> => {
  table ??= collectRouteAccess((app) => registerRoutes(app, dependencies));
  return table;
};
