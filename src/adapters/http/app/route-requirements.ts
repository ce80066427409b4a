import type { RouteRequirement } from '../../../application/auditing/explanation/explain-requirement.ts';
import type { TableDeclaration } from '../../../application/household-data/table-declaration.ts';
import type { HouseholdRole } from '../../../domain/household/household-events.ts';
import { demote, dissolve, removeMember, revokeInvitation } from '../access/household-attempts.ts';
import { tableNames } from '../household-data/table-names.ts';

const OPEN: RouteRequirement = { caller: 'anybody' };
const RESOURCE_SERVER: RouteRequirement = { caller: 'resource_server' };
const SIGNED_IN: RouteRequirement = { caller: 'signed_in' };
const ADMIN: RouteRequirement = { caller: 'admin' };
const ADMIN_STEP_UP: RouteRequirement = { caller: 'admin', stepUp: 'everybody' };

const inPath = (role: HouseholdRole, rest: Partial<RouteRequirement> = {}): RouteRequirement => ({
  caller: 'signed_in',
  household: { of: 'path', role },
  ...rest,
});

const acting = (role: HouseholdRole): RouteRequirement => ({
  caller: 'signed_in',
  household: { of: 'session', role },
});

/**
 * What every documented route asks of its caller. Nothing is decided by it: explanations are, and a
 * test compares it with the routes there are and with what they answer.
 */
const ROUTES: Readonly<Record<string, RouteRequirement>> = {
  'GET /.well-known/jwks.json': OPEN,
  'GET /.well-known/oauth-authorization-server': OPEN,
  'GET /health/live': OPEN,
  'GET /health/ready': OPEN,
  'GET /metrics': OPEN,
  'POST /oauth2/introspect': RESOURCE_SERVER,
  'POST /oauth2/revoke': OPEN,
  'POST /oauth2/token': OPEN,
  'POST /v1/users': OPEN,
  'POST /v1/email-verifications': OPEN,
  'POST /v1/email-verifications/confirm': OPEN,
  'POST /v1/password-resets': OPEN,
  'POST /v1/password-resets/confirm': OPEN,
  'POST /v1/invitations/read': OPEN,
  'POST /v1/invitations/decline': OPEN,
  'POST /v1/sessions': OPEN,
  'POST /v1/sessions/guest': OPEN,
  'POST /v1/sessions/refresh': OPEN,
  'GET /v1/sessions': SIGNED_IN,
  'DELETE /v1/sessions': SIGNED_IN,
  'DELETE /v1/sessions/current': SIGNED_IN,
  'DELETE /v1/sessions/{id}': SIGNED_IN,
  'PUT /v1/sessions/current/household': SIGNED_IN,
  'POST /v1/access-tokens/revoke': SIGNED_IN,
  'GET /v1/me': SIGNED_IN,
  'PATCH /v1/me': SIGNED_IN,
  'DELETE /v1/me': { caller: 'signed_in', stepUp: 'accounts' },
  'GET /v1/me/export': SIGNED_IN,
  'PUT /v1/me/password': { caller: 'signed_in', account: true, stepUp: 'everybody' },
  'PUT /v1/me/email': { caller: 'signed_in', account: true, stepUp: 'everybody' },
  'POST /v1/me/upgrade': { caller: 'signed_in', guest: true },
  'GET /v1/households': SIGNED_IN,
  'POST /v1/households': { caller: 'signed_in', account: true },
  'GET /v1/households/{id}': inPath('viewer'),
  'PATCH /v1/households/{id}': inPath('admin'),
  'DELETE /v1/households/{id}': inPath('owner', { stepUp: 'everybody', attempt: dissolve }),
  'GET /v1/households/{id}/members': inPath('viewer'),
  'PATCH /v1/households/{id}/members/{userId}': inPath('admin', { attempt: demote }),
  // Everybody may leave: the household itself says who may take out whom.
  'DELETE /v1/households/{id}/members/{userId}': inPath('viewer', { attempt: removeMember }),
  'POST /v1/households/{id}/transfer-ownership': inPath('owner', { stepUp: 'everybody' }),
  'GET /v1/households/{id}/invitations': inPath('admin'),
  'POST /v1/households/{id}/invitations': inPath('admin', { account: true, verifiedAddress: true }),
  'POST /v1/households/{id}/invitations/{invitationId}/resend': inPath('admin', {
    attempt: revokeInvitation,
  }),
  'DELETE /v1/households/{id}/invitations/{invitationId}': inPath('admin', {
    attempt: revokeInvitation,
  }),
  'POST /v1/invitations/accept': SIGNED_IN,
  'GET /v1/admin/users': ADMIN,
  'GET /v1/admin/users/{id}': ADMIN,
  'GET /v1/admin/users/{id}/history': ADMIN,
  'GET /v1/admin/households/{id}/history': ADMIN,
  'GET /v1/admin/thefts': ADMIN,
  'GET /v1/admin/token-families/{id}': ADMIN,
  'GET /v1/admin/token-families/{id}/history': ADMIN,
  'GET /v1/admin/events': ADMIN,
  'POST /v1/admin/users/{id}/unlock': ADMIN,
  'DELETE /v1/admin/users/{id}/sessions': ADMIN,
  'DELETE /v1/admin/users/{id}': ADMIN_STEP_UP,
  'PUT /v1/admin/users/{id}/role': ADMIN_STEP_UP,
  'PUT /v1/admin/users/{id}/tier': ADMIN_STEP_UP,
  'POST /v1/admin/users/{id}/deactivate': ADMIN_STEP_UP,
  'POST /v1/admin/users/{id}/reactivate': ADMIN_STEP_UP,
};

/** Viewers read, everybody else writes. */
const routesOf = (table: TableDeclaration): Readonly<Record<string, RouteRequirement>> => {
  const { path } = tableNames(table);
  return {
    [`GET ${path}`]: acting('viewer'),
    [`GET ${path}/{id}`]: acting('viewer'),
    [`POST ${path}`]: acting('member'),
    [`PATCH ${path}/{id}`]: acting('member'),
    [`DELETE ${path}/{id}`]: acting('member'),
  };
};

/** By method and path, as the OpenAPI document writes them. */
export const routeRequirements = (
  tables: readonly TableDeclaration[],
): Readonly<Record<string, RouteRequirement>> => Object.assign({}, ROUTES, ...tables.map(routesOf));
