import fastify from 'fastify';
import { describe, expect, it, vi } from 'vitest';
import type { RateLimits } from '../../../../../src/adapters/http/access/rate-limits.ts';
import { registerClaims } from '../../../../../src/adapters/http/access/require-access-token.ts';
import { HttpError } from '../../../../../src/adapters/http/problems/http-error.ts';
import { adminSignInRoutes } from '../../../../../src/adapters/http/routes/administration/admin-sign-in-routes.ts';

describe('the admin sign-in form after the rate limit is used up', () => {
  it('shows the reason and verifies no password', async () => {
    const enter = vi.fn();
    const session = { identify: vi.fn(), admit: vi.fn(), enter, leave: vi.fn() };
    const signIn = async () => {
      throw new HttpError('rate_limited', { retryAfterSeconds: 42 });
    };
    const app = fastify();
    registerClaims(app);
    await app.register(
      adminSignInRoutes(session, { signIn } as unknown as RateLimits, 'http://127.0.0.1:4000'),
    );

    const { statusCode, headers, payload } = await app.inject({
      method: 'POST',
      url: '/admin/sign-in',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      payload: 'identifier=ann&password=secret',
    });

    expect(statusCode).toBe(429);
    expect(headers['retry-after']).toBe('42');
    expect(payload).toContain('Too many attempts. Wait a minute and try again.');
    expect(payload).not.toContain('secret');
    expect(enter).not.toHaveBeenCalled();
  });
});
