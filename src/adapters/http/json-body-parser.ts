import type { FastifyInstance } from 'fastify';
import { HttpError } from './http-error.ts';

const MAX_DEPTH = 16;
/** PostgreSQL text cannot hold NUL, and a lone surrogate is not Unicode text at all. */
const isUnstorable = (text: string): boolean => text.includes('\0') || /\p{Surrogate}/u.test(text);
const POISON = new Set(['__proto__']);

/** Walks without recursion: the input decides how deep it is. @throws HttpError */
const requireHarmless = (root: unknown): void => {
  const rest: { value: unknown; depth: number }[] = [{ value: root, depth: 0 }];
  for (let item = rest.pop(); item !== undefined; item = rest.pop()) {
    const { value, depth } = item;
    if (typeof value === 'string' && isUnstorable(value)) throw new HttpError('validation_failed');
    if (typeof value !== 'object' || value === null) continue;
    if (depth >= MAX_DEPTH) throw new HttpError('validation_failed');
    for (const [key, member] of Object.entries(value)) {
      if (POISON.has(key) || isUnstorable(key)) throw new HttpError('validation_failed');
      rest.push({ value: member, depth: depth + 1 });
    }
  }
};

/**
 * JSON as data and nothing else. An empty body is no body: some clients label every request JSON.
 */
export const registerJsonBodyParser = (app: FastifyInstance): void => {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (_request, body, done) => {
    if (body.length === 0) return done(null, undefined);
    try {
      const parsed: unknown = JSON.parse(body.toString());
      requireHarmless(parsed);
      return done(null, parsed);
    } catch (error) {
      return done(error instanceof HttpError ? error : new HttpError('malformed_json'));
    }
  });
};
