import type {
  FindRoute,
  FoundRoute,
  RouteAccessTable,
  RouteParameters,
} from '../../../application/auditing/explanation/route-access.ts';

const PLACEHOLDER = /^\{(.+)\}$/;

const decoded = (segment: string): string | undefined => {
  try {
    return decodeURIComponent(segment);
  } catch {
    return undefined;
  }
};

/** Values of the placeholders of `template` in `path`; undefined where `path` is another one. */
const match = (template: string, path: string): RouteParameters | undefined => {
  const [wanted, given] = [template.split('/'), path.split('/')];
  if (wanted.length !== given.length) return undefined;
  const parameters: Record<string, string> = {};
  for (const [index, segment] of wanted.entries()) {
    const [, name] = PLACEHOLDER.exec(segment) ?? [];
    const value = decoded(given[index] ?? '');
    if (name === undefined ? segment !== given[index] : !value) return undefined;
    if (name !== undefined && value !== undefined) parameters[name] = value;
  }
  return parameters;
};

/** Finds the route that answers a request: a path without placeholders goes before one that has some. */
export const findRouteIn = (table: RouteAccessTable, asked: string): FoundRoute | undefined => {
  const [method = '', target = ''] = asked.split(' ');
  const [path = ''] = target.split('?');
  const found = Object.entries(table).flatMap(([route, access]): FoundRoute[] => {
    const [routeMethod, template = ''] = route.split(' ');
    const parameters = routeMethod === method ? match(template, path) : undefined;
    return parameters === undefined ? [] : [{ route, access, parameters }];
  });
  const placeholders = ({ parameters }: FoundRoute) => Object.keys(parameters).length;
  return found.sort((a, b) => placeholders(a) - placeholders(b))[0];
};

/** @param readTable called once, at the first look-up */
export const createFindRoute = (readTable: () => Promise<RouteAccessTable>): FindRoute => {
  let table: Promise<RouteAccessTable> | undefined;
  return async (asked) => {
    table ??= readTable();
    return findRouteIn(await table, asked);
  };
};
