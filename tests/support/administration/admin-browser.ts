import type http from 'node:http';
import { type Answer, type HttpClient, PASSWORD } from '../servers/http-client.ts';

/** A page for administrators as plain HTTP shows it, and the cookies that came with it. */
export type AdminPage = Answer &
  Readonly<{ heading: string | undefined; notice: string | undefined }>;

const find = (text: string, pattern: RegExp): string | undefined => pattern.exec(text)?.[1];

const FORM = { 'content-type': 'application/x-www-form-urlencoded' };

/** A browser for the pages of administrators, without rendering. */
export const createAdminBrowser = ({ call }: HttpClient) => {
  const cookies = new Map<string, string>();

  const send = async (
    method: string,
    path: string,
    { headers = {}, raw }: { headers?: http.OutgoingHttpHeaders; raw?: string } = {},
  ): Promise<AdminPage> => {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const answer = await call(method, path, {
      headers: { ...(cookie !== '' && { cookie }), ...headers },
      ...(raw !== undefined && { raw }),
    });
    for (const set of answer.headers['set-cookie'] ?? []) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(set) ?? [];
      if (value === '') cookies.delete(name);
      else cookies.set(name, value);
    }
    return {
      ...answer,
      heading: find(answer.text, /<h1>([^<]+)<\/h1>/),
      notice: find(answer.text, /<p role="(?:alert|status)"[^>]*>([^<]+)<\/p>/),
    };
  };

  const post = (
    path: string,
    fields: Readonly<Record<string, string>>,
    headers: http.OutgoingHttpHeaders = { 'sec-fetch-site': 'same-origin' },
  ): Promise<AdminPage> =>
    send('POST', path, {
      headers: { ...FORM, ...headers },
      raw: new URLSearchParams(fields).toString(),
    });

  return {
    cookies,
    get: (path: string, headers: http.OutgoingHttpHeaders = {}) => send('GET', path, { headers }),
    post,
    signIn: (identifier: string, fields: Readonly<Record<string, string>> = {}) =>
      post('/admin/sign-in', { identifier, password: PASSWORD, ...fields }),
  };
};
