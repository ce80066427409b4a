import { Type } from '@fastify/type-provider-typebox';
import type { FastifyRequest } from 'fastify';
import { claimsOf } from '../access/require-access-token.ts';
import { HttpError } from '../problems/http-error.ts';
import type { ListCursors } from './list-cursor.ts';

export const DEFAULT_LIMIT = 50;

/** Query parameters of every list that is answered in pages. */
export const pageParameters = {
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 100, default: DEFAULT_LIMIT })),
  cursor: Type.Optional(
    Type.String({ maxLength: 2_000, description: '`nextCursor` of the previous page' }),
  ),
};

/** A query parameter that filters a list; without NUL, which PostgreSQL text cannot hold. */
export const FilterText = (description: string) =>
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it refuses
  Type.Optional(Type.String({ maxLength: 1_000, pattern: /^[^\u0000]*$/.source, description }));

export const NextCursor = Type.Union([Type.String(), Type.Null()], {
  description: 'Pass it as `cursor` to read the next page; null on the last page',
});

/** Reads and writes the cursors of one list, which only the same viewer and filter can use. */
export const cursorsOf = (cursors: ListCursors, request: FastifyRequest, filter: object) => {
  const { url } = request.routeOptions;
  const scope = JSON.stringify([url, claimsOf(request).sub, filter]);
  return {
    /** @throws HttpError `cursor_invalid` */
    read: (cursor: string | undefined): readonly string[] | undefined => {
      if (cursor === undefined) return undefined;
      const values = cursors.decode(scope, cursor);
      if (values === undefined) throw new HttpError('cursor_invalid');
      return values;
    },
    write: (values: readonly string[] | undefined): string | null =>
      values === undefined ? null : cursors.encode(scope, values),
  };
};
