import { type FastifyPluginAsyncTypebox, Type } from '@fastify/type-provider-typebox';
import type { EndSession } from '../../../../application/sessions/end-session.ts';
import type { EndSessions } from '../../../../application/sessions/end-sessions.ts';
import { USER } from '../../access/access-rules.ts';
import { claimsOf } from '../../access/require-access-token.ts';
import { problems } from '../../problems/problem-details.ts';
import { contextOf } from '../../requests/context-of-request.ts';
import { SessionId, strictObject } from '../../schemas/schemas.ts';

const response = { 204: Type.Null(), ...problems(400, 401, 404, 503) };

/** Registers DELETE /v1/sessions/current, /v1/sessions/{id} and /v1/sessions. */
export const endSessionRoutes =
  (endSession: EndSession, endSessions: EndSessions): FastifyPluginAsyncTypebox =>
  async (app) => {
    const tags = ['sessions'];

    app.delete(
      '/v1/sessions/current',
      {
        config: { access: USER },
        schema: {
          operationId: 'signOut',
          summary: 'Sign out of the current session',
          tags,
          response,
        },
      },
      async (request, reply) => {
        const { sub: userId, sid: sessionId } = claimsOf(request);
        await endSession({ userId, sessionId }, contextOf(request));
        return reply.code(204).send(null);
      },
    );

    app.delete(
      '/v1/sessions/:id',
      {
        config: { access: USER },
        schema: {
          operationId: 'endSession',
          summary: 'Sign out of one session',
          tags,
          params: SessionId,
          response,
        },
      },
      async (request, reply) => {
        const { sub: userId } = claimsOf(request);
        await endSession({ userId, sessionId: request.params.id }, contextOf(request));
        return reply.code(204).send(null);
      },
    );

    app.delete(
      '/v1/sessions',
      {
        config: { access: USER },
        schema: {
          operationId: 'endSessions',
          summary: 'Sign out of all sessions, or of all other sessions',
          tags,
          querystring: strictObject({ except: Type.Optional(Type.Literal('current')) }),
          response,
        },
      },
      async (request, reply) => {
        const { sub: userId, sid } = claimsOf(request);
        const except = request.query.except === 'current' ? { except: sid } : {};
        await endSessions({ userId, reason: 'sign_out', ...except }, contextOf(request));
        return reply.code(204).send(null);
      },
    );
  };
