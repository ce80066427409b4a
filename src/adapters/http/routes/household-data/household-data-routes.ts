import { type FastifyPluginAsyncTypebox, Type } from '@fastify/type-provider-typebox';
import type { FastifyRequest } from 'fastify';
import type { HouseholdData } from '../../../../application/household-data/household-data.ts';
import type { TableDeclaration } from '../../../../application/household-data/table-declaration.ts';
import { memberOfSession } from '../../access/access-rules.ts';
import type { RateLimits } from '../../access/rate-limits.ts';
import { claimsOf } from '../../access/require-access-token.ts';
import { tableNames } from '../../household-data/table-names.ts';
import { tableSchemas } from '../../household-data/table-schemas.ts';
import type { ListCursors } from '../../lists/list-cursor.ts';
import { cursorsOf, DEFAULT_LIMIT } from '../../lists/list-page.ts';
import { problems } from '../../problems/problem-details.ts';

export type HouseholdTables = Readonly<{
  tables: readonly TableDeclaration[];
  data: HouseholdData;
  listCursors: ListCursors;
}>;

/** Takes the household from the access token: no request can name another one. */
const askingOf = (request: FastifyRequest) => {
  const { sub: userId, hh: householdId } = claimsOf(request);
  return { userId, householdId };
};

const readingRoutes =
  (table: TableDeclaration, { data, listCursors }: HouseholdTables): FastifyPluginAsyncTypebox =>
  async (app) => {
    const { path, tag, word, items, Items, Item } = tableNames(table);
    const schemas = tableSchemas(table);

    app.get(
      path,
      {
        config: { access: memberOfSession('viewer') },
        schema: {
          operationId: `list${Items}`,
          summary: `List the ${tag} of the active household, newest first`,
          tags: [tag],
          querystring: schemas.query,
          response: { 200: schemas.page, ...problems(400, 401, 403, 409, 503) },
        },
      },
      async (request) => {
        const asking = askingOf(request);
        const { cursor, limit = DEFAULT_LIMIT, ...filter } = request.query;
        const scope = { household: asking.householdId, filter: Object.entries(filter).sort() };
        const cursors = cursorsOf(listCursors, request, scope);
        const place = cursors.read(cursor);
        const [createdAt = '', id = ''] = place ?? [];
        const after = place && { createdAt, id };
        const { records, next } = await data.list(asking, table, { filter, after, limit });
        return { [items]: records, nextCursor: cursors.write(next && [next.createdAt, next.id]) };
      },
    );

    app.get(
      `${path}/:id`,
      {
        config: { access: memberOfSession('viewer') },
        schema: {
          operationId: `read${Item}`,
          summary: `Read one ${word}`,
          tags: [tag],
          params: schemas.id,
          response: { 200: schemas.record, ...problems(400, 401, 403, 404, 409, 503) },
        },
      },
      (request) => data.read(askingOf(request), table, request.params.id),
    );
  };

const writingRoutes =
  (
    table: TableDeclaration,
    { data }: HouseholdTables,
    limits: RateLimits,
  ): FastifyPluginAsyncTypebox =>
  async (app) => {
    const { path, tag, word, Item } = tableNames(table);
    const schemas = tableSchemas(table);
    const refusals = problems(400, 401, 403, 404, 409, 413, 415, 503);

    app.post(
      path,
      {
        config: { access: memberOfSession('member') },
        preHandler: limits.record,
        schema: {
          operationId: `create${Item}`,
          summary: `Create one ${word}`,
          tags: [tag],
          body: schemas.creation,
          response: { 201: schemas.record, ...problems(400, 401, 403, 409, 413, 415, 429, 503) },
        },
      },
      async (request, reply) => {
        const record = await data.create(askingOf(request), table, request.body);
        return reply.code(201).send(record);
      },
    );

    app.patch(
      `${path}/:id`,
      {
        config: { access: memberOfSession('member') },
        schema: {
          operationId: `update${Item}`,
          summary: `Change one ${word}`,
          description: 'Omitted fields stay unchanged; null empties an optional field.',
          tags: [tag],
          params: schemas.id,
          body: schemas.change,
          response: { 200: schemas.record, ...refusals },
        },
      },
      (request) => data.update(askingOf(request), table, request.params.id, request.body),
    );

    app.delete(
      `${path}/:id`,
      {
        config: { access: memberOfSession('member') },
        schema: {
          operationId: `delete${Item}`,
          summary: `Delete one ${word}`,
          tags: [tag],
          params: schemas.id,
          response: { 204: Type.Null(), ...refusals },
        },
      },
      async (request, reply) => {
        await data.remove(askingOf(request), table, request.params.id);
        return reply.code(204).send(null);
      },
    );
  };

/** Registers list, create, read, update and delete for every declared table, as /v1/accounts. */
export const householdDataRoutes =
  (household: HouseholdTables, limits: RateLimits): FastifyPluginAsyncTypebox =>
  async (app) => {
    for (const table of household.tables) {
      await app.register(readingRoutes(table, household));
      await app.register(writingRoutes(table, household, limits));
    }
  };
