import type { FastifyRequest } from 'fastify';

const LANGUAGE_TAG = /^[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8}){0,4}$/;

/** The first language of `Accept-Language` (RFC 9110, 12.5.4); clients list their preferred first. */
export const preferredLocale = ({ headers }: FastifyRequest): string | undefined => {
  const [first = ''] = (headers['accept-language'] ?? '').split(/[,;]/);
  return LANGUAGE_TAG.test(first.trim()) ? first.trim() : undefined;
};
