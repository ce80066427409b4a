import type http from 'node:http';
import type { Answer, HttpClient } from '../servers/http-client.ts';

/** A page with the parts that its reader sees. */
export type ShownPage = Answer &
  Readonly<{
    lang: string | undefined;
    heading: string | undefined;
    alert: string | undefined;
    form: Readonly<{ path: string; action: string; token: string }> | undefined;
  }>;

export type LinkBrowser = Readonly<{
  get(path: string, headers?: http.OutgoingHttpHeaders): Promise<ShownPage>;
  /** Opens the link in a mail. */
  open(path: string, token: string): Promise<ShownPage>;
  /** Submits the form of a page with the given values. */
  press(page: ShownPage, filledIn?: Readonly<Record<string, string>>): Promise<ShownPage>;
  /** Submits a form without opening its page first. */
  submit(path: string, fields: Readonly<Record<string, string>>): Promise<ShownPage>;
  post(path: string, raw: string, headers?: http.OutgoingHttpHeaders): Promise<ShownPage>;
}>;

const FORM = { 'content-type': 'application/x-www-form-urlencoded' };

const find = (text: string, pattern: RegExp): string | undefined => pattern.exec(text)?.[1];

const read = (path: string, answer: Answer): ShownPage => {
  const { text } = answer;
  const action = find(text, /<form method="post" action="([^"]*)">/);
  const token = find(text, /<input type="hidden" name="token" value="([^"]*)">/);
  return {
    ...answer,
    lang: find(text, /<html lang="(\w+)">/),
    heading: find(text, /<h1>([^<]+)<\/h1>/),
    alert: find(text, /<p role="alert" id="refusal">([^<]+)<\/p>/),
    form: action === undefined || token === undefined ? undefined : { path, action, token },
  };
};

/** Acts like a browser on the pages that links in mails open. */
export const createLinkBrowser = ({ call }: HttpClient): LinkBrowser => {
  const get: LinkBrowser['get'] = async (path, headers = {}) =>
    read(path, await call('GET', path, { headers }));
  const post: LinkBrowser['post'] = async (path, raw, headers = {}) =>
    read(path, await call('POST', path, { raw, headers: { ...FORM, ...headers } }));
  const submit: LinkBrowser['submit'] = (path, fields) =>
    post(path, new URLSearchParams(fields).toString());
  return {
    get,
    post,
    submit,
    open: (path, token) => get(`${path}?token=${token}`),
    press: ({ form }, filledIn = {}) => {
      if (form === undefined) throw new TypeError('the page has no form');
      const { pathname } = new URL(form.action, `http://localhost${form.path}`);
      return submit(pathname, { token: form.token, ...filledIn });
    },
  };
};
