import type { FastifyReply } from 'fastify';
import { adminContentSecurityPolicy } from './admin-style.ts';

/** For nobody's cache and no search engine; its forms say where they come from, and links elsewhere nothing. */
export const sendAdminPage = (reply: FastifyReply, page: string): FastifyReply =>
  reply
    .headers({
      'cache-control': 'no-store',
      'content-security-policy': adminContentSecurityPolicy,
      'referrer-policy': 'same-origin',
      'x-robots-tag': 'noindex, nofollow',
    })
    .type('text/html; charset=utf-8')
    .send(page);
