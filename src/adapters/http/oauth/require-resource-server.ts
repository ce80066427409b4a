import type { FastifyRequest } from 'fastify';
import type { RateLimitHook } from '../access/rate-limits.ts';
import { OAuthError } from './oauth-error.ts';

/** Tells whether `secret` belongs to the resource server `id`; accepts any text. */
export type RecogniseResourceServer = (id: string, secret: string) => Promise<boolean>;

type Credentials = Readonly<{ id: string; secret: string }>;

/** An `Authorization` header (RFC 7617, 2): the scheme in any case, and one token68. */
const BASIC = /^basic +([A-Za-z0-9+/]+=*)$/i;
const MAX_HEADER_LENGTH = 1_024;

/** Decodes an id or secret: client_secret_basic form-encodes both first (RFC 6749, 2.3.1). */
const decodeFormText = (text: string): string | undefined => {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return undefined;
  }
};

const credentialsIn = (authorization = ''): Credentials | undefined => {
  if (authorization.length > MAX_HEADER_LENGTH) return undefined;
  const [, encoded = ''] = BASIC.exec(authorization) ?? [];
  const text = Buffer.from(encoded, 'base64').toString();
  const colon = text.indexOf(':');
  if (colon === -1) return undefined;
  const id = decodeFormText(text.slice(0, colon));
  const secret = decodeFormText(text.slice(colon + 1));
  return id === undefined || secret === undefined ? undefined : { id, secret };
};

/**
 * Creates a hook for routes that only resource servers may call. Only failed requests count against
 * `limit`: a registered resource server may introspect without a limit.
 * @throws OAuthError `invalid_client`; HttpError `rate_limited`
 */
export const requireResourceServer =
  (recognise: RecogniseResourceServer, limit: RateLimitHook) =>
  async (request: FastifyRequest): Promise<void> => {
    const credentials = credentialsIn(request.headers.authorization);
    if (credentials && (await recognise(credentials.id, credentials.secret))) return;
    await limit(request);
    throw new OAuthError('invalid_client', 'Only registered resource servers may do this', 401);
  };
