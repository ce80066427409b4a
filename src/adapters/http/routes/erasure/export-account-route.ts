import { type FastifyPluginAsyncTypebox, Type } from '@fastify/type-provider-typebox';
import type { ExportAccount } from '../../../../application/erasure/export-account.ts';
import { USER } from '../../access/access-rules.ts';
import type { RateLimits } from '../../access/rate-limits.ts';
import { claimsOf } from '../../access/require-access-token.ts';
import { problems } from '../../problems/problem-details.ts';
import { User } from '../../schemas/schemas.ts';

const Anything = Type.Record(Type.String(), Type.Unknown());

const AccountExport = Type.Object({
  exportedAt: Type.String({ format: 'date-time' }),
  user: User,
  sessions: Type.Array(Anything, { description: 'Live sessions' }),
  households: Type.Array(Anything, { description: 'Memberships with the role in each' }),
  records: Type.Array(
    Type.Object({
      householdId: Type.String(),
      table: Type.String(),
      rows: Type.Array(Anything),
    }),
    { description: 'Rows that the user created in household tables' },
  ),
  events: Type.Array(
    Type.Object({
      stream: Type.String(),
      revision: Type.String(),
      type: Type.String(),
      occurredAt: Type.String({ format: 'date-time' }),
      actor: Type.String(),
      data: Anything,
    }),
    { description: 'All events of the user without secrets, oldest first' },
  ),
});

/** Registers GET /v1/me/export. */
export const exportAccountRoute =
  (exportAccount: ExportAccount, limits: RateLimits): FastifyPluginAsyncTypebox =>
  async (app) => {
    app.get(
      '/v1/me/export',
      {
        config: { access: USER },
        preHandler: limits.exported,
        schema: {
          operationId: 'exportAccount',
          summary: 'Export all data of the user',
          tags: ['users'],
          response: { 200: AccountExport, ...problems(401, 429, 503) },
        },
      },
      async (request, reply) => {
        const { sub, sid } = claimsOf(request);
        const { sessions, households, records, events, ...rest } = await exportAccount(sub, sid);
        void reply.header('content-disposition', 'attachment; filename="latchkey-export.json"');
        return {
          ...rest,
          sessions: [...sessions],
          households: [...households],
          records: records.map((record) => ({ ...record, rows: [...record.rows] })),
          events: [...events],
        };
      },
    );
  };
