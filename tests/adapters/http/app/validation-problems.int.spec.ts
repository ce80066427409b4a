import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RunningApp, startRunningApp } from '../../../support/servers/running-app.ts';

describe('a body with missing and unknown members', () => {
  let app: RunningApp;
  beforeAll(async () => {
    app = await startRunningApp();
  });
  afterAll(() => app.close());

  it('is answered with one readable error for each place', async () => {
    const body = { email: 'ann@example.com', role: 'admin' };
    const { json } = await app.client.call('POST', '/v1/users', { body });
    expect(json).toMatchObject({
      code: 'validation_failed',
      errors: [
        { path: '/', message: 'must have required properties password, displayName' },
        { path: '/role', message: 'is not a known member' },
      ],
    });
  });
});
