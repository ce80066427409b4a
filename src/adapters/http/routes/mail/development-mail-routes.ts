import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { ANONYMOUS } from '../../access/access-rules.ts';
import { type DevelopmentMail, developmentMailPage } from '../../pages/development-mail-page.ts';

/** Lists the mails kept by a development server, newest last. */
export type ListDevelopmentMails = () => Promise<readonly DevelopmentMail[]>;

/** The quality of a media type, from 0 to 1, by its most specific range (RFC 9110, 12.5.1). */
const qualityOf = (accept: string, type: string): number => {
  const ranges = accept.split(',').map((range) => {
    const [name = '', ...parameters] = range.split(';').map((part) => part.trim().toLowerCase());
    const weight = parameters.find((parameter) => parameter.startsWith('q='));
    return { name, quality: weight === undefined ? 1 : Number(weight.slice(2)) || 0 };
  });
  const [family] = type.split('/');
  for (const wanted of [type, `${family}/*`, '*/*']) {
    const range = ranges.find(({ name }) => name === wanted);
    if (range !== undefined) return range.quality;
  }
  return 0;
};

const prefersJson = (accept = '*/*'): boolean =>
  qualityOf(accept, 'application/json') > qualityOf(accept, 'text/html');

/** Registers GET /dev/mail, which answers the mails as a JSON array or as an HTML page. */
export const developmentMailRoutes =
  (listMails: ListDevelopmentMails): FastifyPluginAsyncTypebox =>
  async (app) => {
    app.get(
      '/dev/mail',
      { config: { access: ANONYMOUS }, schema: { hide: true } },
      async (request, reply) => {
        const mails = await listMails();
        // The mails contain tokens.
        void reply.headers({ 'cache-control': 'no-store', vary: 'accept' });
        return prefersJson(request.headers.accept)
          ? reply.send(mails)
          : reply.type('text/html; charset=utf-8').send(developmentMailPage(mails));
      },
    );
  };
