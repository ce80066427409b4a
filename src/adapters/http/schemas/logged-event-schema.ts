import { Type } from '@fastify/type-provider-typebox';

/** An event of the log as administrators see it. */
export const LoggedEvent = Type.Object({
  position: Type.String({ description: 'Position in the whole log; opaque, ordered as text' }),
  eventId: Type.String({ format: 'uuid' }),
  stream: Type.String({
    description: '`user-`, `household-` or `tokenFamily-`, followed by an id',
  }),
  revision: Type.String({ description: 'Position in the stream, counted from 0' }),
  type: Type.String(),
  occurredAt: Type.String({ format: 'date-time' }),
  actor: Type.String({
    description: 'A user id, `system`, `anonymous`, or `cli:<os user>` for the command line',
  }),
  correlationId: Type.String({
    description: '`X-Request-Id` of the request that caused the event',
  }),
  data: Type.Record(Type.String(), Type.Unknown(), {
    description: 'The members that are neither personal nor secret',
  }),
});
