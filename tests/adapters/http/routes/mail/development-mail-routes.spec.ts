import fastify from 'fastify';
import { describe, expect, it } from 'vitest';
import type { DevelopmentMail } from '../../../../../src/adapters/http/pages/development-mail-page.ts';
import { developmentMailRoutes } from '../../../../../src/adapters/http/routes/mail/development-mail-routes.ts';

const first: DevelopmentMail = {
  to: 'ann@example.com',
  subject: 'Confirm your e-mail address',
  text: 'Confirm it:\nhttps://auth.example.test/verify-email?token=a-b_c&x=1\n\nThe link works once.',
  html: '<p>Confirm it: <a href="https://auth.example.test/verify-email?token=a-b_c">here</a></p>',
  sentAt: '2026-03-07T14:05:00.000Z',
};

const hostile: DevelopmentMail = {
  to: '"><script>to()</script>@example.com',
  subject: '</h2><script>subject()</script>',
  text: '</pre><script>text()</script> https://evil.test/"onclick="x() javascript:alert(1)',
  html: '"></iframe><script>html()</script>',
  sentAt: '2026-03-07T14:06:00.000Z',
};

const ask = async (mails: readonly DevelopmentMail[], accept?: string) => {
  const app = fastify();
  await app.register(developmentMailRoutes(async () => mails));
  const headers = accept === undefined ? {} : { accept };
  const answer = await app.inject({ method: 'GET', url: '/dev/mail', headers });
  await app.close();
  expect(answer.statusCode).toBe(200);
  expect(answer.headers).toMatchObject({ 'cache-control': 'no-store', vary: 'accept' });
  return answer;
};

describe('the development mails as JSON', () => {
  it('contain every mail, newest last', async () => {
    const answer = await ask([first, hostile], 'application/json');
    expect(answer.headers['content-type']).toBe('application/json; charset=utf-8');
    expect(answer.json()).toStrictEqual([first, hostile]);
  });

  it('are an empty array when there are none', async () => {
    expect((await ask([], 'application/json')).json()).toStrictEqual([]);
  });
});

describe('the format of the development mails', () => {
  it.each([
    ['application/json'],
    ['APPLICATION/JSON; charset=utf-8'],
    ['application/*'],
    ['text/html;q=0.5, application/json'],
    ['text/html; q=0.1, */*'],
    ['text/*;q=0.3, application/json;q=0.4'],
    ['text/html;q=0, application/json;q=0.001'],
  ])('is JSON for Accept: %s', async (accept) => {
    expect((await ask([], accept)).headers['content-type']).toBe('application/json; charset=utf-8');
  });

  it.each([
    [undefined],
    ['*/*'],
    [''],
    ['text/html'],
    ['text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8'],
    ['application/json, text/html'],
    ['application/json;q=0.5, text/html'],
    ['application/json;q=0'],
    ['application/json;q=much'],
    ['application/jsonlines'],
  ])('is an HTML page for Accept: %s', async (accept) => {
    expect((await ask([], accept)).headers['content-type']).toBe('text/html; charset=utf-8');
  });
});

describe('the page of development mails', () => {
  it('states that there are no mails yet', async () => {
    expect((await ask([])).body).toContain('<p>There are no mails yet.</p>');
  });

  it('shows recipient, subject, time and text with a clickable link', async () => {
    const { body } = await ask([first]);
    expect(body).toContain('<h2>Confirm your e-mail address</h2>');
    expect(body).toContain('<strong>ann@example.com</strong>');
    expect(body).toContain(
      '<time datetime="2026-03-07T14:05:00.000Z">2026-03-07T14:05:00.000Z</time>',
    );
    const link = 'https://auth.example.test/verify-email?token=a-b_c&amp;x=1';
    expect(body).toContain(
      `<pre>Confirm it:\n<a href="${link}" rel="noreferrer">${link}</a>\n\nThe link works once.</pre>`,
    );
  });

  it('shows the HTML in a sandboxed frame', async () => {
    const { body } = await ask([first]);
    expect(body).toContain(
      'srcdoc="&lt;p&gt;Confirm it: &lt;a href=&quot;https://auth.example.test/verify-email?token=a-b_c&quot;&gt;here&lt;/a&gt;&lt;/p&gt;"',
    );
    expect(body.match(/<iframe[^>]*>/g)).toHaveLength(1);
    expect(body).toMatch(/<iframe sandbox="" /);
  });

  it('shows the newest mail first', async () => {
    const { body } = await ask([first, { ...first, subject: 'Later' }]);
    expect([...body.matchAll(/<h2>(.*)<\/h2>/g)].map(([, subject]) => subject)).toStrictEqual([
      'Later',
      'Confirm your e-mail address',
    ]);
  });
});

describe('a hostile mail on the page of development mails', () => {
  it('is escaped completely', async () => {
    const { body } = await ask([hostile]);
    expect(body).not.toContain('<script');
    expect(body.match(/<\/(iframe|h2|pre)>/g)).toStrictEqual(['</h2>', '</pre>', '</iframe>']);
    expect(body).toContain('<h2>&lt;/h2&gt;&lt;script&gt;subject()&lt;/script&gt;</h2>');
    expect(body).toContain('srcdoc="&quot;&gt;&lt;/iframe&gt;&lt;script&gt;html()&lt;/script&gt;"');
  });

  it('has links only for web addresses, each ending where the address ends', async () => {
    const { body } = await ask([hostile]);
    expect(body.match(/<a [^>]*>/g)).toStrictEqual([
      '<a href="https://evil.test/" rel="noreferrer">',
    ]);
  });
});
