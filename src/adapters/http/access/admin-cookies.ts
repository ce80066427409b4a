import type { TokenPair } from '../../../application/sessions/token-pair.ts';

/** The tokens of an administrator's session in a browser's cookies; undefined: none of ours. */
export type AdminCookies = Readonly<{
  access: string | undefined;
  refresh: string | undefined;
}>;

/** The characters of our tokens; whatever else a cookie holds was not set here. */
const TOKEN = /^[A-Za-z0-9._-]{1,4096}$/;

const ENDED = 'Max-Age=0';

const tokenIn = (header: string, name: string): string | undefined => {
  for (const pair of header.split(';')) {
    const [key = '', ...value] = pair.trim().split('=');
    if (key === name) return TOKEN.test(value.join('=')) ? value.join('=') : undefined;
  }
  return undefined;
};

export type AdminCookieJar = ReturnType<typeof createAdminCookieJar>;

/**
 * The cookies of the pages for administrators (RFC 6265bis). `__Secure-` where the public address is
 * https, and not `__Host-`: that would need `Path=/`, and send tokens to whatever else lives on the host.
 */
export const createAdminCookieJar = (publicUrl: string) => {
  const { protocol, pathname } = new URL(publicUrl);
  const secure = protocol === 'https:';
  const prefix = secure ? '__Secure-' : '';
  const names = { access: `${prefix}latchkey_access`, refresh: `${prefix}latchkey_refresh` };
  const attributes = [
    `Path=${pathname.replace(/\/$/, '')}/admin`,
    'HttpOnly',
    'SameSite=Strict',
    ...(secure ? ['Secure'] : []),
  ];
  const cookie = (pair: string, ...more: string[]) => [pair, ...attributes, ...more].join('; ');

  return {
    read: (header = ''): AdminCookies => ({
      access: tokenIn(header, names.access),
      refresh: tokenIn(header, names.refresh),
    }),
    /** Values of `Set-Cookie`. The refresh token goes with the browser, the access token when it expires. */
    write: ({ accessToken, expiresIn, refreshToken }: TokenPair): string[] => [
      cookie(`${names.access}=${accessToken}`, `Max-Age=${expiresIn}`),
      cookie(`${names.refresh}=${refreshToken}`),
    ],
    clear: (): string[] => [cookie(`${names.access}=`, ENDED), cookie(`${names.refresh}=`, ENDED)],
  };
};
