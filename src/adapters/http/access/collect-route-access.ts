import { type TypeBoxTypeProvider, TypeBoxValidatorCompiler } from '@fastify/type-provider-typebox';
import fastify, { type FastifyInstance } from 'fastify';
import type {
  RouteAccess,
  RouteAccessTable,
} from '../../../application/auditing/explanation/route-access.ts';

/** `/v1/users/:id` as the OpenAPI document writes it: `/v1/users/{id}`. */
const documented = (url: string): string => url.replace(/:(\w+)/g, '{$1}');

/**
 * Lists what every documented route asks of its caller, by registering the routes on an instance that
 * serves no request.
 */
export const collectRouteAccess = async (
  register: (app: FastifyInstance) => Promise<void>,
): Promise<RouteAccessTable> => {
  const app = fastify()
    .setValidatorCompiler(TypeBoxValidatorCompiler)
    .withTypeProvider<TypeBoxTypeProvider>();
  const table: Record<string, RouteAccess> = {};
  app.addHook('onRoute', ({ method, url, config, schema }) => {
    if (config === undefined || schema === undefined || schema.hide || method === 'HEAD') return;
    table[`${String(method)} ${documented(url)}`] = config.access;
  });
  await register(app);
  await app.ready();
  await app.close();
  return table;
};
