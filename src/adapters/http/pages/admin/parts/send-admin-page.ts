import type { FastifyReply } from 'fastify';
import { adminContentSecurityPolicy } from './admin-style.ts';

/** Sends an admin page that is neither cached nor indexed; only the same origin gets a referrer. */
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
