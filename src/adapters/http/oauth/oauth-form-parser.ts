import formbody from '@fastify/formbody';
import type { FastifyInstance } from 'fastify';

/**
 * A parameter without a value is as good as none (RFC 6749, 3.2). One given twice becomes a list, which
 * no schema of a known parameter takes; unknown ones may be whatever they like.
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

/** Forms and nothing else, in the scope of `app`. */
export const registerFormParser = async (app: FastifyInstance): Promise<void> => {
  app.removeAllContentTypeParsers();
  await app.register(formbody, { parser: parseForm });
};
