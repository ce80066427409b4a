import type { Answer, HttpClient } from '../servers/http-client.ts';

export type Flat = Readonly<{
  id: string;
  name: string;
  role: string;
  memberCount: number;
  createdAt: string;
}>;
export type Invited = Readonly<{
  id: string;
  email: string | null;
  role: string;
  invitedBy: string;
  createdAt: string;
  expiresAt: string;
}>;

/** The routes of households; `token` is the access token of the caller. */
export const createHouseholdClient = ({ call }: Pick<HttpClient, 'call'>) => {
  const at = (id: string, rest = '') => `/v1/households/${id}${rest}`;
  const list = (token: string): Promise<Answer> => call('GET', '/v1/households', { token });
  const create = (token: string, name = 'The Flat'): Promise<Answer> =>
    call('POST', '/v1/households', { token, body: { name } });
  const invite = (
    token: string,
    id: string,
    email: string,
    role = 'member',
    headers = {},
  ): Promise<Answer> =>
    call('POST', at(id, '/invitations'), { token, body: { email, role }, headers });

  return {
    list,
    create,
    invite,
    /** Creates a household and returns its id. */
    found: async (token: string, name?: string): Promise<string> => {
      const { status, json } = await create(token, name);
      if (status !== 201) throw new TypeError('no household was made');
      return (json as Flat).id;
    },
    read: (token: string, id: string): Promise<Answer> => call('GET', at(id), { token }),
    rename: (token: string, id: string, name: string): Promise<Answer> =>
      call('PATCH', at(id), { token, body: { name } }),
    drop: (token: string, id: string, body?: object): Promise<Answer> =>
      call('DELETE', at(id), { token, ...(body && { body }) }),
    members: (token: string, id: string, query = ''): Promise<Answer> =>
      call('GET', at(id, `/members${query}`), { token }),
    changeRole: (token: string, id: string, userId: string, role: string): Promise<Answer> =>
      call('PATCH', at(id, `/members/${userId}`), { token, body: { role } }),
    remove: (token: string, id: string, userId: string): Promise<Answer> =>
      call('DELETE', at(id, `/members/${userId}`), { token }),
    transfer: (token: string, id: string, userId: string, more: object = {}): Promise<Answer> =>
      call('POST', at(id, '/transfer-ownership'), { token, body: { userId, ...more } }),
    invitations: (token: string, id: string): Promise<Answer> =>
      call('GET', at(id, '/invitations'), { token }),
    resend: (token: string, id: string, invitationId: string): Promise<Answer> =>
      call('POST', at(id, `/invitations/${invitationId}/resend`), { token }),
    revoke: (token: string, id: string, invitationId: string): Promise<Answer> =>
      call('DELETE', at(id, `/invitations/${invitationId}`), { token }),
    accept: (token: string, invitationToken: string): Promise<Answer> =>
      call('POST', '/v1/invitations/accept', { token, body: { token: invitationToken } }),
    decline: (invitationToken: string): Promise<Answer> =>
      call('POST', '/v1/invitations/decline', { body: { token: invitationToken } }),
    /** Switches the session to which `token` belongs. */
    switchTo: (token: string, householdId: string, refreshToken?: string): Promise<Answer> =>
      call('PUT', '/v1/sessions/current/household', {
        token,
        body: { householdId, ...(refreshToken !== undefined && { refreshToken }) },
      }),
  };
};

export type HouseholdClient = ReturnType<typeof createHouseholdClient>;

type Claims = Readonly<{
  hh: string | null;
  hh_role: string | null;
  jti: string;
  sid: string;
  exp: number;
}>;

/** The claims of an access token, without verifying it. */
export const claimsIn = (accessToken: string): Claims =>
  JSON.parse(Buffer.from(accessToken.split('.')[1] ?? '', 'base64url').toString()) as Claims;
