import type {
  FindRoute,
  RouteParameters,
  RouteRequirement,
} from '../../../application/auditing/explanation/explain-requirement.ts';

const PLACEHOLDER = /^\{(.+)\}$/;

const decoded = (segment: string): string | undefined => {
  try {
    return decodeURIComponent(segment);
  } catch {
    return undefined;
  }
};

/** What the placeholders of `template` stand for in `path`; undefined where it is another path. */
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

/** Finds what a request would be answered by: a path that is named goes before one that fits. */
export const createFindRoute =
  (requirements: Readonly<Record<string, RouteRequirement>>): FindRoute =>
  (asked) => {
    const [method = '', target = ''] = asked.split(' ');
    const [path = ''] = target.split('?');
    const found = Object.entries(requirements).flatMap(([route, requirement]) => {
      const [routeMethod, template = ''] = route.split(' ');
      const parameters = routeMethod === method ? match(template, path) : undefined;
      return parameters === undefined ? [] : [{ route, requirement, parameters }];
    });
    const placeholders = ({ parameters }: (typeof found)[number]) => Object.keys(parameters).length;
    return found.sort((a, b) => placeholders(a) - placeholders(b))[0];
  };
