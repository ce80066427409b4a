import type { FastifyReply, FastifyRequest } from 'fastify';
import { pageLanguageFor } from './languages/page-languages.ts';

/** Text without NUL and replacement characters: a sign-in could not repeat them. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it refuses
export const PLAIN = /^[^\u0000\ufffd]*$/.source;

/** The shape of a one-time token; a page never repeats anything else. */
const TOKEN = /^[A-Za-z0-9_-]{1,200}$/;

export const tokenIn = (fields: unknown): string | undefined => {
  if (typeof fields !== 'object' || fields === null) return undefined;
  const { token } = fields as Readonly<{ token?: unknown }>;
  return typeof token === 'string' && TOKEN.test(token) ? token : undefined;
};

export const languageOf = ({ headers }: FastifyRequest) =>
  pageLanguageFor(headers['accept-language']);

export const sendPage = (reply: FastifyReply, page: string): FastifyReply =>
  reply.header('vary', 'accept-language').type('text/html; charset=utf-8').send(page);
