import type {
  FastifyInstance,
  FastifyReply,
  FastifyRequest,
  FastifySchema,
  onRequestAsyncHookHandler,
  preHandlerAsyncHookHandler,
  RouteOptions,
} from 'fastify';
import type { ReadProfile } from '../../../application/accounts/read-profile.ts';
import type { RequireAdmin } from '../../../application/administration/require-admin.ts';
import type { RouteAccess } from '../../../application/auditing/explanation/route-access.ts';
import type { StepUp } from '../../../application/credentials/step-up.ts';
import type { ReadHousehold } from '../../../application/households/read-household.ts';
import { ApplicationError } from '../../../application/kernel/errors.ts';
import type { Authenticate } from '../../../application/sessions/authenticate.ts';
import { DomainError } from '../../../domain/domain-error.ts';
import { isAtLeast } from '../../../domain/household/household-rank.ts';
import type { UserTier } from '../../../domain/user/user-events.ts';
import { isTierAtLeast } from '../../../domain/user/user-tier.ts';
import { contextOf } from '../requests/context-of-request.ts';
import { claimsOf, registerClaims, requireAccessToken } from './require-access-token.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The access that the route asks of its caller. A route without it does not start. */
    access: RouteAccess;
  }
  interface FastifyInstance {
    /** Access of the routes that a plugin of others registers below this instance. */
    pluginAccess?: RouteAccess;
  }
}

export type AccessChecks = Readonly<{
  authenticate: Authenticate;
  requireAdmin: RequireAdmin;
  readProfile: ReadProfile;
  readHousehold: ReadHousehold;
  stepUp: StepUp;
  /** @throws OAuthError `invalid_client`; HttpError `rate_limited` */
  requireResourceServer: (request: FastifyRequest) => Promise<void>;
  /** Lets an administrator's browser in, or redirects it to the sign-in. */
  admitAdministrator: (request: FastifyRequest, reply: FastifyReply) => Promise<unknown>;
}>;

type Check = onRequestAsyncHookHandler & preHandlerAsyncHookHandler;

const listOf = <Hook>(hooks: Hook | Hook[] | undefined): Hook[] => {
  if (hooks === undefined) return [];
  return Array.isArray(hooks) ? hooks : [hooks];
};

/** The OpenAPI name of what a caller presents; an empty list marks a public route. */
const securityOf = ({ caller, session }: RouteAccess): Record<string, string[]>[] => {
  if (caller === 'anonymous' || session === 'cookie') return [];
  return [caller === 'resource_server' ? { resourceServer: [] } : { accessToken: [] }];
};

const passwordIn = ({ body }: FastifyRequest): string | undefined => {
  const { password } = (body ?? {}) as Readonly<{ password?: string }>;
  return password;
};

const requireTier = (tier: UserTier, minimum: UserTier): void => {
  if (!isTierAtLeast(tier, minimum)) throw new ApplicationError('tier_insufficient');
};

/** Checks of the caller alone, before the body is read. */
const callerChecks = ({ caller, session }: RouteAccess, d: AccessChecks): Check[] => {
  if (caller === 'anonymous') return [];
  if (caller === 'resource_server') return [(request) => d.requireResourceServer(request)];
  if (session === 'cookie') return [d.admitAdministrator];
  const authenticated = requireAccessToken(d.authenticate);
  if (caller === 'user') return [authenticated];
  return [authenticated, (request) => d.requireAdmin(claimsOf(request).sub)];
};

/**
 * Checks of the membership, before the route's rate limit. They read one row, and not the household's
 * stream, whose length a stranger could measure. GET routes ask the same in the statement that reads.
 */
const membershipChecks = ({ household, stepUp }: RouteAccess, d: AccessChecks): Check[] => {
  if (household?.of !== 'path') return [];
  return [
    async (request) => {
      if (request.method === 'GET') return;
      const { id = '' } = request.params as Readonly<{ id?: string }>;
      const { role } = await d.readHousehold(id, claimsOf(request).sub);
      // Where the caller steps up, the household judges the role afterwards.
      if (stepUp === undefined && !isAtLeast(role, household.role)) {
        throw new DomainError('household_role_insufficient');
      }
    },
  ];
};

/** Checks that cost more or count failures, after the route's rate limit. */
const accountChecks = ({ caller, tier, stepUp }: RouteAccess, d: AccessChecks): Check[] => {
  const checks: Check[] = [];
  if (tier !== undefined) {
    checks.push(async (request) => {
      const { sub, tier: claimed } = claimsOf(request);
      const current = tier.asOf === 'now' ? (await d.readProfile(sub)).tier : claimed;
      requireTier(current, tier.atLeast);
    });
  }
  // The use cases of users step up themselves: what they decide holds for the password they checked.
  if (stepUp !== undefined && caller === 'administrator') {
    checks.push(async (request) => {
      const { sub: userId, sid: sessionId, auth_time: authTime } = claimsOf(request);
      const input = { userId, sessionId, authTime, password: passwordIn(request) };
      await d.stepUp(input, contextOf(request));
    });
  }
  return checks;
};

/** @throws Error for a route that does not declare its access */
const accessOf = (app: FastifyInstance, { method, url, config }: RouteOptions): RouteAccess => {
  const access = config?.access ?? app.pluginAccess;
  if (access === undefined) {
    throw new Error(`The route ${String(method)} ${url} does not declare config.access.`);
  }
  return access;
};

/**
 * Enforces `config.access` of every route that is registered from now on, and writes it into the
 * route's schema for the OpenAPI document.
 */
export const registerAccess = (app: FastifyInstance, d: AccessChecks): void => {
  registerClaims(app);
  app.addHook('onRoute', function (route) {
    const access = accessOf(this, route);
    const schema: FastifySchema = { ...route.schema, security: securityOf(access) };
    route.schema = schema;
    route.onRequest = [...callerChecks(access, d), ...listOf(route.onRequest)];
    route.preHandler = [
      ...membershipChecks(access, d),
      ...listOf(route.preHandler),
      ...accountChecks(access, d),
    ];
  });
};
