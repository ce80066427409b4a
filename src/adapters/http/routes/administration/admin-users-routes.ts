import { type FastifyPluginAsyncTypebox, Type } from '@fastify/type-provider-typebox';
import type { ReadUser } from '../../../../application/administration/read-user.ts';
import type { SearchUsers } from '../../../../application/administration/search-users.ts';
import { ADMINISTRATOR } from '../../access/access-rules.ts';
import type { ListCursors } from '../../lists/list-cursor.ts';
import {
  cursorsOf,
  DEFAULT_LIMIT,
  FilterText,
  NextCursor,
  pageParameters,
} from '../../lists/list-page.ts';
import { problems } from '../../problems/problem-details.ts';
import { strictObject, User } from '../../schemas/schemas.ts';

export const AdministeredUser = Type.Object({
  ...User.properties,
  pendingEmail: Type.Union([Type.String(), Type.Null()], {
    description: 'The address of the sign-up while it is not verified',
  }),
  lockedUntil: Type.Union([Type.String({ format: 'date-time' }), Type.Null()], {
    description: 'When the account is unlocked; a past time means it is not locked',
  }),
  updatedAt: Type.String({ format: 'date-time' }),
});

/** The id of a user. Any text is accepted; an unknown id is answered with 404. */
export const UserId = strictObject({ id: Type.String({ description: 'Id of the user' }) });

const tags = ['administration'];

/** Registers GET /v1/admin/users and /v1/admin/users/{id}. */
export const adminUsersRoutes =
  (
    searchUsers: SearchUsers,
    readUser: ReadUser,
    listCursors: ListCursors,
  ): FastifyPluginAsyncTypebox =>
  async (app) => {
    app.get(
      '/v1/admin/users',
      {
        config: { access: ADMINISTRATOR },
        schema: {
          operationId: 'searchUsers',
          summary: 'Search users by the beginning of address, username or display name',
          description: 'Newest first. The search ignores case and has no wildcards.',
          tags,
          querystring: strictObject({
            query: FilterText('How one of the texts begins; all users without it'),
            ...pageParameters,
          }),
          response: {
            200: Type.Object({ users: Type.Array(AdministeredUser), nextCursor: NextCursor }),
            ...problems(400, 401, 403, 503),
          },
        },
      },
      async (request) => {
        const { query, cursor, limit = DEFAULT_LIMIT } = request.query;
        const cursors = cursorsOf(listCursors, request, { query });
        const place = cursors.read(cursor);
        const [createdAt = '', id = ''] = place ?? [];
        const { users, next } = await searchUsers({
          query,
          after: place && { createdAt, id },
          limit,
        });
        return {
          users: [...users],
          nextCursor: cursors.write(next && [next.createdAt, next.id]),
        };
      },
    );

    app.get(
      '/v1/admin/users/:id',
      {
        config: { access: ADMINISTRATOR },
        schema: {
          operationId: 'readUser',
          summary: 'Read a user',
          tags,
          params: UserId,
          response: { 200: AdministeredUser, ...problems(401, 403, 404, 503) },
        },
      },
      (request) => readUser(request.params.id),
    );
  };
