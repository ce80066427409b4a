import { type FastifyPluginAsyncTypebox, Type } from '@fastify/type-provider-typebox';
import {
  AS_OF_LENGTH,
  type AsOf,
  NOW,
  parseAsOf,
} from '../../../../application/auditing/history/as-of-moment.ts';
import type { Histories } from '../../../../application/auditing/history/histories.ts';
import { ADMINISTRATOR } from '../../access/access-rules.ts';
import { HttpError } from '../../problems/http-error.ts';
import { problems } from '../../problems/problem-details.ts';
import { FamilyHistory, HouseholdHistory, UserHistory } from '../../schemas/history-schemas.ts';
import { SessionId, strictObject } from '../../schemas/schemas.ts';

const DEFAULT_EVENTS = 100;

// biome-ignore lint/suspicious/noControlCharactersInRegex: PostgreSQL text cannot hold NUL
const STORABLE = /^[^\u0000]*$/.source;

const IdOf = (description: string) =>
  strictObject({ id: Type.String({ maxLength: 200, pattern: STORABLE, description }) });

const Query = strictObject({
  asOf: Type.Optional(
    Type.String({
      maxLength: AS_OF_LENGTH,
      description:
        'A time such as 2026-01-31T12:00:00Z or a position in the log, both included; the current time by default',
    }),
  ),
  limit: Type.Optional(
    Type.Integer({
      minimum: 0,
      maximum: 1_000,
      default: DEFAULT_EVENTS,
      description: 'Maximum number of events, of which the latest are answered',
    }),
  ),
});

type Asked = Readonly<{ asOf?: string | undefined; limit?: number | undefined }>;

/** Parses a time or a position. @throws HttpError `validation_failed` for any other text */
const readAsked = ({ asOf: text, limit = DEFAULT_EVENTS }: Asked) => {
  const asOf: AsOf | undefined = text === undefined ? NOW : parseAsOf(text);
  if (asOf === undefined) throw new HttpError('validation_failed');
  return { asOf, limit };
};

const common = {
  tags: ['administration'],
  querystring: Query,
};
const refusals = problems(400, 401, 403, 404, 503);

/** Registers GET …/history of users, households and token families below /v1/admin. */
export const adminHistoryRoutes =
  ({ readUserAsOf, readHouseholdAsOf, readFamilyAsOf }: Histories): FastifyPluginAsyncTypebox =>
  async (app) => {
    app.get(
      '/v1/admin/users/:id/history',
      {
        config: { access: ADMINISTRATOR },
        schema: {
          ...common,
          operationId: 'readUserHistory',
          summary: 'Read a user as of a time, with memberships, live sessions and events',
          params: IdOf('The user; an erased user is found, without personal data'),
          response: { 200: UserHistory, ...refusals },
        },
      },
      async ({ params, query }) => {
        const history = await readUserAsOf({ userId: params.id, ...readAsked(query) });
        const { memberships, sessions, events } = history;
        return {
          ...history,
          memberships: [...memberships],
          sessions: [...sessions],
          events: [...events],
        };
      },
    );

    app.get(
      '/v1/admin/households/:id/history',
      {
        config: { access: ADMINISTRATOR },
        schema: {
          ...common,
          operationId: 'readHouseholdHistory',
          summary: 'Read a household as of a time, with members, open invitations and events',
          params: IdOf('The household; a deleted one is found'),
          response: { 200: HouseholdHistory, ...refusals },
        },
      },
      async ({ params, query }) => {
        const history = await readHouseholdAsOf({ householdId: params.id, ...readAsked(query) });
        const { members, invitations, events } = history;
        return {
          ...history,
          members: [...members],
          invitations: [...invitations],
          events: [...events],
        };
      },
    );

    app.get(
      '/v1/admin/token-families/:id/history',
      {
        config: { access: ADMINISTRATOR },
        schema: {
          ...common,
          operationId: 'readTokenFamilyHistory',
          summary: 'Read a session as of a time, with its valid access tokens and events',
          params: SessionId,
          response: { 200: FamilyHistory, ...refusals },
        },
      },
      async ({ params, query }) => {
        const history = await readFamilyAsOf({ familyId: params.id, ...readAsked(query) });
        const { accessTokens, events } = history;
        return { ...history, accessTokens: [...accessTokens], events: [...events] };
      },
    );
  };
