import { type FastifyPluginAsyncTypebox, Type } from '@fastify/type-provider-typebox';
import type { CreateHousehold } from '../../../../application/households/create-household.ts';
import type { DeleteHousehold } from '../../../../application/households/delete-household.ts';
import type { HouseholdDirectory } from '../../../../application/households/household-directory.ts';
import type { ReadHousehold } from '../../../../application/households/read-household.ts';
import type { RenameHousehold } from '../../../../application/households/rename-household.ts';
import { ACCOUNT, memberOfPath, USER } from '../../access/access-rules.ts';
import { deleteHousehold } from '../../access/household-attempts.ts';
import type { RateLimits } from '../../access/rate-limits.ts';
import { claimsOf } from '../../access/require-access-token.ts';
import { problems } from '../../problems/problem-details.ts';
import { contextOf } from '../../requests/context-of-request.ts';
import {
  Household,
  HouseholdName,
  HouseholdPath,
  StepUpPassword,
} from '../../schemas/household-schemas.ts';
import { strictObject } from '../../schemas/schemas.ts';

export type Households = Readonly<{
  listHouseholds: HouseholdDirectory['listOf'];
  createHousehold: CreateHousehold;
  readHousehold: ReadHousehold;
  renameHousehold: RenameHousehold;
  deleteHousehold: DeleteHousehold;
}>;

const common = { tags: ['households'] };
const Named = strictObject({ name: HouseholdName });

/** Registers /v1/households and /v1/households/{id}. */
export const householdRoutes =
  (d: Households, limits: RateLimits): FastifyPluginAsyncTypebox =>
  async (app) => {
    app.get(
      '/v1/households',
      {
        config: { access: USER },
        schema: {
          ...common,
          operationId: 'listHouseholds',
          summary: 'List the households of the user in the order of joining',
          response: {
            200: Type.Object({ households: Type.Array(Household) }),
            ...problems(401, 503),
          },
        },
      },
      async (request) => ({ households: [...(await d.listHouseholds(claimsOf(request).sub))] }),
    );

    app.post(
      '/v1/households',
      {
        config: { access: ACCOUNT },
        preHandler: limits.household,
        schema: {
          ...common,
          operationId: 'createHousehold',
          summary: 'Create a household owned by the user',
          body: Named,
          response: { 201: Household, ...problems(400, 401, 403, 413, 415, 429, 503) },
        },
      },
      async (request, reply) => {
        const { sub: userId } = claimsOf(request);
        const input = { userId, name: request.body.name };
        return reply.code(201).send(await d.createHousehold(input, contextOf(request)));
      },
    );

    app.get(
      '/v1/households/:id',
      {
        config: { access: memberOfPath('viewer') },
        schema: {
          ...common,
          operationId: 'readHousehold',
          summary: 'Read a household of the user',
          params: HouseholdPath,
          response: { 200: Household, ...problems(400, 401, 404, 503) },
        },
      },
      (request) => d.readHousehold(request.params.id, claimsOf(request).sub),
    );

    app.patch(
      '/v1/households/:id',
      {
        config: { access: memberOfPath('admin') },
        preHandler: limits.membership,
        schema: {
          ...common,
          operationId: 'renameHousehold',
          summary: 'Rename a household; for admins of the household',
          params: HouseholdPath,
          body: Named,
          response: { 200: Household, ...problems(400, 401, 403, 404, 409, 413, 415, 429, 503) },
        },
      },
      (request) => {
        const { sub: userId } = claimsOf(request);
        const input = { householdId: request.params.id, userId, name: request.body.name };
        return d.renameHousehold(input, contextOf(request));
      },
    );

    app.delete(
      '/v1/households/:id',
      {
        config: { access: memberOfPath('owner', { stepUp: 'always', attempt: deleteHousehold }) },
        preHandler: limits.stepUp,
        schema: {
          ...common,
          operationId: 'deleteHousehold',
          summary: 'Delete a household with all its data; for the owner of the household',
          description: "A member's default household cannot be deleted.",
          params: HouseholdPath,
          body: Type.Union([strictObject({ password: StepUpPassword }), Type.Null()]),
          response: {
            204: Type.Null(),
            ...problems(400, 401, 403, 404, 409, 413, 415, 429, 503),
          },
        },
      },
      async (request, reply) => {
        const { sub: userId, sid: sessionId, auth_time: authTime } = claimsOf(request);
        const password = request.body?.password;
        const input = { householdId: request.params.id, userId, sessionId, authTime, password };
        await d.deleteHousehold(input, contextOf(request));
        return reply.code(204).send(null);
      },
    );
  };
