import {
  type AuthorizationServer,
  allowInsecureRequests,
  type Client,
  ClientSecretBasic,
  customFetch,
  discoveryRequest,
  type IntrospectionResponse,
  introspectionRequest,
  None,
  processDiscoveryResponse,
  processIntrospectionResponse,
  processRefreshTokenResponse,
  processRevocationResponse,
  refreshTokenGrantRequest,
  revocationRequest,
  type TokenEndpointResponse,
} from 'oauth4webapi';
import { tokens } from '../../../src/composition/system-tokens.ts';
import type { Answer, Call, TokenPair } from '../servers/http-client.ts';
import type { RunningApp } from '../servers/running-app.ts';

export type ResourceServerCredentials = Readonly<{ id: string; secret: string }>;

/** Registers a resource server, like an operator on the command line. */
export const addResourceServer = async (
  { get }: Pick<RunningApp, 'get'>,
  name: string,
): Promise<ResourceServerCredentials> => {
  const id = get(tokens.ids).resourceServerId();
  return { id, secret: await get(tokens.resourceServers).add({ id, name }) };
};

export const basic = ({ id, secret }: ResourceServerCredentials): string =>
  `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`;

/** Sends a form, given as text or as parameters. */
export const postForm = (
  { client }: Pick<RunningApp, 'client'>,
  path: string,
  form: string | Readonly<Record<string, string>>,
  { headers, ...call }: Call = {},
): Promise<Answer> =>
  client.call('POST', path, {
    raw: new URLSearchParams(form).toString(),
    headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
    ...call,
  });

export type OAuthClient = Readonly<{
  server: AuthorizationServer;
  refresh(refreshToken: string): Promise<TokenEndpointResponse>;
  revoke(token: string): Promise<void>;
  introspect(token: string, who: ResourceServerCredentials): Promise<IntrospectionResponse>;
}>;

/** An ordinary OAuth client that is configured with the issuer only. */
export const discoverOAuthClient = async (
  { url }: Pick<RunningApp, 'url'>,
  issuer: string,
): Promise<OAuthClient> => {
  const { origin } = new URL(issuer);
  const options = {
    [allowInsecureRequests]: true,
    // The host name of the issuer does not resolve to this server.
    [customFetch]: (target: string, init: object) => fetch(target.replace(origin, url), init),
  };
  const expected = new URL(issuer);
  const server = await processDiscoveryResponse(
    expected,
    await discoveryRequest(expected, { ...options, algorithm: 'oauth2' }),
  );
  const client: Client = { client_id: 'an app' };
  return {
    server,
    refresh: async (refreshToken) =>
      processRefreshTokenResponse(
        server,
        client,
        await refreshTokenGrantRequest(server, client, None(), refreshToken, options),
      ),
    revoke: async (token) =>
      processRevocationResponse(
        await revocationRequest(server, client, None(), token, options),
      ).then(() => undefined),
    introspect: async (token, { id, secret }) => {
      const self = { client_id: id };
      return processIntrospectionResponse(
        server,
        self,
        await introspectionRequest(server, self, ClientSecretBasic(secret), token, options),
      );
    },
  };
};

/** The response of the token endpoint with the member names of the other routes. */
export const pairFrom = (
  { access_token, expires_in, refresh_token, ...rest }: TokenEndpointResponse,
  { sessionId }: Pick<TokenPair, 'sessionId'>,
): TokenPair => ({
  tokenType: 'Bearer',
  accessToken: access_token,
  expiresIn: expires_in ?? 0,
  refreshToken: refresh_token ?? '',
  refreshExpiresIn: Number(rest.refresh_expires_in),
  sessionId,
});
