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
    description: 'What somebody signed up with and did not prove yet',
  }),
  lockedUntil: Type.Union([Type.String({ format: 'date-time' }), Type.Null()], {
    description: 'In the past: the lock is over',
  }),
  updatedAt: Type.String({ format: 'date-time' }),
});

/** Any text: an id that nobody has is not found. */
export const UserId = strictObject({ id: Type.String({ description: 'The user' }) });

const tags = ['administration'];

/** GET /v1/admin/users and /v1/admin/users/{id} */
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
          summary: 'Accounts by the beginning of address, username or display name',
          description: 'The youngest first. Case does not matter, and no character is a wildcard.',
          tags,
          querystring: strictObject({
            query: FilterText('How one of the texts begins; everybody without it'),
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
          summary: 'One account',
          tags,
          params: UserId,
          response: { 200: AdministeredUser, ...problems(401, 403, 404, 503) },
        },
      },
      (request) => readUser(request.params.id),
    );
  };
