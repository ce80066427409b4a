import type { FastifyRequest } from 'fastify';

/** Below `/admin/`. A session is the token family that it is made of. */
export const adminPaths = {
  signIn: 'sign-in',
  signOut: 'sign-out',
  audit: 'audit',
  thefts: 'audit/thefts',
  family: (id: string) => `audit/token-families/${encodeURIComponent(id)}`,
  user: (id: string) => `audit/users/${encodeURIComponent(id)}`,
} as const;

/** Where somebody may be sent after signing in: our own pages, and nowhere else. */
const NEXT = /^audit(?:\/thefts|\/(?:token-families|users)\/[A-Za-z0-9_-]{1,64})?$/;

export const safeNext = (next: unknown): string =>
  typeof next === 'string' && NEXT.test(next) ? next : adminPaths.audit;

/** The page a request is for, as `next` names it. */
export const pageOf = ({ url }: FastifyRequest): string =>
  safeNext(url.replace(/\?.*$/s, '').replace(/^\/admin\//, ''));

/**
 * From the page of a request to `/admin/`, relative: so that it stays below whatever path a proxy puts
 * before ours.
 */
export const adminBase = ({ url }: FastifyRequest): string => {
  const below = url.replace(/\?.*$/s, '').split('/').length - 3;
  return below < 0 ? 'admin/' : '../'.repeat(below) || './';
};
