import type { FastifyReply, FastifyRequest } from 'fastify';
import type { RequireAdmin } from '../../../application/administration/require-admin.ts';
import { ApplicationError } from '../../../application/kernel/errors.ts';
import type { AccessTokenClaims } from '../../../application/sessions/access-tokens.ts';
import type { Authenticate } from '../../../application/sessions/authenticate.ts';
import type { EndSession } from '../../../application/sessions/end-session.ts';
import type { RotateRefreshToken } from '../../../application/sessions/rotate-refresh-token.ts';
import type { SignIn } from '../../../application/sessions/sign-in.ts';
import { DomainError } from '../../../domain/domain-error.ts';
import { adminBase, adminPaths, pageOf } from '../pages/admin/parts/admin-paths.ts';
import { contextOf } from '../requests/context-of-request.ts';
import { createAdminCookieJar } from './admin-cookies.ts';

type Dependencies = Readonly<{
  authenticate: Authenticate;
  signIn: SignIn;
  rotateRefreshToken: RotateRefreshToken;
  endSession: EndSession;
  requireAdmin: RequireAdmin;
  publicUrl: string;
}>;

type Credentials = Readonly<{ identifier: string; password: string }>;

/** The device name in the list of sessions. */
const DEVICE_NAME = 'Audit pages';

const SIGNED_OUT: readonly string[] = [
  'access_token_invalid',
  'refresh_token_invalid',
  'refresh_token_reused',
];

/** Resolves to undefined where a token is invalid. Other failures stay failures. */
const ifGood = async <Result>(attempt: Promise<Result>): Promise<Result | undefined> => {
  try {
    return await attempt;
  } catch (error) {
    const coded = error instanceof ApplicationError || error instanceof DomainError;
    if (coded && SIGNED_OUT.includes(error.code)) return undefined;
    throw error;
  }
};

export type AdminSession = ReturnType<typeof createAdminSession>;

/** Handles the session of an administrator whose tokens a browser holds as cookies. */
export const createAdminSession = (d: Dependencies) => {
  const cookies = createAdminCookieJar(d.publicUrl);

  const leave = async (request: FastifyRequest, reply: FastifyReply): Promise<void> => {
    void reply.header('set-cookie', cookies.clear());
    const { claims } = request;
    if (claims === null) return;
    const session = { userId: claims.sub, sessionId: claims.sid };
    await d.endSession(session, contextOf(request));
  };

  /** Ends the session of a user who is not an administrator: it is for these pages only. */
  const insistOnAdmin = async (request: FastifyRequest, reply: FastifyReply): Promise<void> => {
    try {
      await d.requireAdmin(request.claims?.sub ?? '');
    } catch (error) {
      if (error instanceof ApplicationError && error.code === 'admin_required') {
        await leave(request, reply);
      }
      throw error;
    }
  };

  /**
   * Renews the tokens. Two tabs that do it at once get the same successor, within the grace window.
   */
  const renew = async (
    request: FastifyRequest,
    reply: FastifyReply,
    refreshToken: string,
  ): Promise<AccessTokenClaims | undefined> => {
    const pair = await ifGood(d.rotateRefreshToken(refreshToken, contextOf(request)));
    if (pair === undefined) return undefined;
    void reply.header('set-cookie', cookies.write(pair));
    return d.authenticate(pair.accessToken);
  };

  /** Fills in `claims`, with new tokens if need be. @returns whether a user is signed in */
  const identify = async (request: FastifyRequest, reply: FastifyReply): Promise<boolean> => {
    const { access, refresh } = cookies.read(request.headers.cookie);
    const known = access && (await ifGood(d.authenticate(access)));
    request.claims = known || (refresh && (await renew(request, reply, refresh))) || null;
    if (request.claims === null && (access ?? refresh) !== undefined) {
      void reply.header('set-cookie', cookies.clear());
    }
    return request.claims !== null;
  };

  return {
    identify,

    /** Lets an administrator in; sends a browser without a session to the sign-in page. */
    admit: async (request: FastifyRequest, reply: FastifyReply): Promise<unknown> => {
      if (await identify(request, reply)) return insistOnAdmin(request, reply);
      const query = new URLSearchParams({ next: pageOf(request) });
      return reply.redirect(`${adminBase(request)}${adminPaths.signIn}?${query}`, 303);
    },

    /** @throws ApplicationError as `SignIn` does, and `admin_required` */
    enter: async (
      request: FastifyRequest,
      reply: FastifyReply,
      credentials: Credentials,
    ): Promise<void> => {
      const pair = await d.signIn({ ...credentials, deviceName: DEVICE_NAME }, contextOf(request));
      request.claims = await d.authenticate(pair.accessToken);
      await insistOnAdmin(request, reply);
      void reply.header('set-cookie', cookies.write(pair));
    },

    leave,
  };
};
