import type { FastifyRequest } from 'fastify';

/** The paths of the admin pages below `/admin/`. A session is identified by its token family. */
export const adminPaths = {
  signIn: 'sign-in',
  signOut: 'sign-out',
  audit: 'audit',
  thefts: 'audit/thefts',
  family: (id: string) => `audit/token-families/${encodeURIComponent(id)}`,
  user: (id: string) => `audit/users/${encodeURIComponent(id)}`,
} as const;

/** The pages that a sign-in may redirect to; no other address, so that it is no open redirect. */
const NEXT = /^audit(?:\/thefts|\/(?:token-families|users)\/[A-Za-z0-9_-]{1,64})?$/;

export const safeNext = (next: unknown): string =>
  typeof next === 'string' && NEXT.test(next) ? next : adminPaths.audit;

/** The page that a request asks for, in the form of `next`. */
export const pageOf = ({ url }: FastifyRequest): string =>
  safeNext(url.replace(/\?.*$/s, '').replace(/^\/admin\//, ''));

/**
 * The relative path from the page of a request to `/admin/`, which stays below any path prefix that a
 * proxy adds.
 */
export const adminBase = ({ url }: FastifyRequest): string => {
  const below = url.replace(/\?.*$/s, '').split('/').length - 3;
  return below < 0 ? 'admin/' : '../'.repeat(below) || './';
};
