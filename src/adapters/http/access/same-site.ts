import type { FastifyRequest } from 'fastify';

/**
 * Tells whether a page of another site made the browser send this (OWASP, Cross-Site Request
 * Forgery Prevention). Browsers send `Sec-Fetch-Site`, over plain HTTP only `Origin`; a client that
 * sends neither is not a browser and has no cookies of a victim.
 */
export const isForeign = (
  { headers, protocol, host }: Pick<FastifyRequest, 'headers' | 'protocol' | 'host'>,
  publicUrl: string,
): boolean => {
  const site = headers['sec-fetch-site'];
  if (site !== undefined) return site !== 'same-origin';
  const { origin } = headers;
  if (origin === undefined) return false;
  return origin !== new URL(publicUrl).origin && origin !== `${protocol}://${host}`;
};
