import { TypeBoxValidatorCompiler } from '@fastify/type-provider-typebox';
import fastify from 'fastify';
import { describe, expect, it } from 'vitest';
import { createRateLimits } from '../../../../../src/adapters/http/access/rate-limits.ts';
import { linkPaths } from '../../../../../src/adapters/http/pages/languages/link-paths.ts';
import { linkPageRoutes } from '../../../../../src/adapters/http/routes/credentials/link-page-routes.ts';
import { ApplicationError } from '../../../../../src/application/kernel/errors.ts';

/** Submits the form of a page whose use case fails. */
const submit = async (path: string, failure: Error) => {
  const fail = () => Promise.reject(failure);
  const app = fastify().setValidatorCompiler(TypeBoxValidatorCompiler);
  await app.register(linkPageRoutes(fail, fail, createRateLimits(undefined)));
  const answer = await app.inject({
    method: 'POST',
    url: path,
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    payload: 'token=abc&newPassword=a+cow+under+the+stairs',
  });
  await app.close();
  return answer;
};

describe.each(Object.values(linkPaths))('the form of %s', (path) => {
  it.each(['server_busy', 'service_unavailable'] as const)(
    'is shown again with Retry-After after %s',
    async (code) => {
      const failure = new ApplicationError(code, { retryAfterSeconds: 3 });
      const { statusCode, headers, body } = await submit(path, failure);

      expect({ statusCode, retryAfter: headers['retry-after'] }).toStrictEqual({
        statusCode: 503,
        retryAfter: '3',
      });
      expect(body).toContain('Wait a moment, then try again.</p>');
      expect(body).toContain('<input type="hidden" name="token" value="abc">');
    },
  );

  it('reveals neither the reason of an internal error nor the password', async () => {
    const { statusCode, headers, body } = await submit(path, new Error('the reason'));

    expect(statusCode).toBe(500);
    expect(headers['content-type']).toBe('text/html; charset=utf-8');
    expect(body).toContain('<p role="alert" id="refusal">Something went wrong.');
    expect(body).not.toMatch(/the reason|stairs/);
  });
});
