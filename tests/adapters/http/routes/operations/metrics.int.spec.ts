import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RunningApp, startRunningApp } from '../../../../support/servers/running-app.ts';

describe('the metrics', () => {
  let app: RunningApp;
  beforeAll(async () => {
    app = await startRunningApp();
  });
  afterAll(() => app.close());

  const scrape = async (): Promise<string> => {
    const answer = await fetch(`${app.url}/metrics`);
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toMatch(/^text\/plain; version=/);
    return answer.text();
  };

  it('count requests by the pattern of their route, never by their path', async () => {
    await app.client.call('GET', '/health/live');
    await app.client.call('DELETE', '/v1/sessions/a-secret-of-somebody');
    await app.client.call('GET', '/nothing/lkr_secret');
    await expect
      .poll(scrape)
      .toContain(
        'latchkey_http_request_duration_seconds_count{method="GET",route="/health/live",status="200"} 1',
      );
    const text = await scrape();
    expect(text).toMatch(/_count\{method="DELETE",route="\/v1\/sessions\/:\w+",status="401"\} 1/);
    expect(text).toContain('_count{method="GET",route="(unknown)",status="404"} 1');
    expect(text).not.toContain('secret');
  });

  it('contain figures of the process and of the waiting mails', async () => {
    await app.sql(
      `INSERT INTO mail_queue (event_id, stream_id) VALUES (gen_random_uuid(), 'user-somebody')`,
    );
    const text = await scrape();
    expect(text).toMatch(/^latchkey_mails_waiting 1$/m);
    expect(text).toMatch(/^latchkey_process_resident_memory_bytes [1-9]\d+$/m);
  });

  it('contain no projector figures in a service without a projector', async () => {
    expect(await scrape()).not.toContain('projector');
  });
});
