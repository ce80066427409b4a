import { isUtf8 } from 'node:buffer';
import type { FastifyInstance } from 'fastify';
import { HttpError } from '../problems/http-error.ts';

const MAX_DEPTH = 16;
/** PostgreSQL text cannot hold NUL, and a lone surrogate is not Unicode text at all. */
const isUnstorable = (text: string): boolean => text.includes('\0') || /\p{Surrogate}/u.test(text);
const POISON = new Set(['__proto__']);

/** Counts members by their colons outside of strings, in text that is valid JSON. */
const countMembers = (json: string): number =>
  json.replace(/"(?:[^"\\]|\\.)*"/g, '').split(':').length - 1;

/** Walks without recursion: the input decides its depth. @throws HttpError */
const requireHarmless = (root: unknown, json: string): void => {
  let members = 0;
  const rest: { value: unknown; depth: number }[] = [{ value: root, depth: 0 }];
  for (let item = rest.pop(); item !== undefined; item = rest.pop()) {
    const { value, depth } = item;
    if (typeof value === 'string' && isUnstorable(value)) throw new HttpError('validation_failed');
    if (typeof value !== 'object' || value === null) continue;
    if (depth >= MAX_DEPTH) throw new HttpError('validation_failed');
    for (const [key, member] of Object.entries(value)) {
      if (!Array.isArray(value)) members += 1;
      if (POISON.has(key) || isUnstorable(key)) throw new HttpError('validation_failed');
      rest.push({ value: member, depth: depth + 1 });
    }
  }
  // Parsers disagree about a name that is given twice, so it is refused.
  if (countMembers(json) !== members) throw new HttpError('validation_failed');
};

/**
 * Parses JSON as plain data. An empty body counts as none: some clients label every request JSON.
 */
export const registerJsonBodyParser = (app: FastifyInstance): void => {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (_request, body, done) => {
    if (body.length === 0) return done(null, undefined);
    try {
      // Decoding would replace stray bytes, and make one password of many.
      if (typeof body === 'string' || !isUtf8(body)) throw new HttpError('malformed_json');
      const json = body.toString();
      const parsed: unknown = JSON.parse(json);
      requireHarmless(parsed, json);
      return done(null, parsed);
    } catch (error) {
      return done(error instanceof HttpError ? error : new HttpError('malformed_json'));
    }
  });
};
