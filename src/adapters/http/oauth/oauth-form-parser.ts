import formbody from '@fastify/formbody';
import type { FastifyInstance } from 'fastify';

/**
 * Parses an `application/x-www-form-urlencoded` body. A parameter without a value counts as omitted
 * (RFC 6749, 3.2). A parameter given twice becomes a list, which the schemas of known parameters
 * reject; unknown parameters are ignored.
 */
export const parseForm = (text: string): Record<string, unknown> => {
  const values = new Map<string, string[]>();
  for (const [name, value] of new URLSearchParams(text)) {
    if (value === '') continue;
    const others = values.get(name);
    if (others) others.push(value);
    else values.set(name, [value]);
  }
  return Object.fromEntries(
    [...values].map(([name, given]) => [name, given.length === 1 ? given[0] : given]),
  );
};

/** Makes the scope of `app` accept form bodies and no other media type. */
export const registerFormParser = async (app: FastifyInstance): Promise<void> => {
  app.removeAllContentTypeParsers();
  await app.register(formbody, { parser: parseForm });
};
