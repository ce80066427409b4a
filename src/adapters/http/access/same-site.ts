import type { FastifyRequest } from 'fastify';

/**
 * Whether a page of another site made the browser send this (OWASP, Cross-Site Request Forgery
 * Prevention). Browsers say so by `Sec-Fetch-Site`, over plain HTTP by `Origin` only; whoever sends
 * neither is no browser, and has no victim's cookies.
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
