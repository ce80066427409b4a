import fastify, { type FastifyInstance } from 'fastify';
import {
  registerClaims,
  requireAccessToken,
} from '../../src/adapters/http/access/require-access-token.ts';
import { tokens } from '../../src/composition/system-tokens.ts';
import { accessTokenId } from '../../src/domain/token-family/access-token-spans.ts';
import type { System } from '../../src/server/open-system.ts';
import { addWriteRoutes } from './write-routes.ts';

const CONSTANT = { hello: 'world' };

const claimsFor = ({ get }: System, familyId: string, ordinal: number) => {
  const iat = Math.floor(Date.now() / 1_000);
  return {
    sub: get(tokens.ids).userId(),
    jti: accessTokenId(familyId, ordinal),
    sid: familyId,
    iat,
    exp: iat + 600,
    auth_time: iat,
    hh: get(tokens.ids).householdId(),
    hh_role: 'owner',
    role: 'user',
    tier: 'free',
    email_verified: true,
  } as const;
};

const issueMany = async (system: System, count: number): Promise<string[]> => {
  const familyId = system.get(tokens.ids).familyId();
  const { issue } = system.get(tokens.accessTokens);
  return Promise.all(
    Array.from({ length: count }, (_, ordinal) => issue(claimsFor(system, familyId, ordinal))),
  );
};

const SELECT = { name: 'bench_select', text: 'SELECT data FROM bench_floor WHERE id = $1' };
const UPDATE = { name: 'bench_update', text: 'UPDATE bench_floor SET data = $2 WHERE id = $1' };
const FLOOR_ROWS = 100;

/**
 * Adds `/floor`, the minimum work of any refresh: read a row, write a row, sign an access token.
 */
const addFloor = async (app: FastifyInstance, system: System): Promise<void> => {
  const database = system.get(tokens.database);
  await database.query({
    text: 'CREATE TABLE IF NOT EXISTS bench_floor (id integer PRIMARY KEY, data text NOT NULL)',
  });
  await database.query({
    text: `INSERT INTO bench_floor SELECT generate_series(1, ${FLOOR_ROWS}), ''
      ON CONFLICT DO NOTHING`,
  });
  const familyId = system.get(tokens.ids).familyId();
  let requests = 0;
  app.post<{ Body: { refreshToken: string } }>('/floor', async ({ body }) => {
    requests += 1;
    const id = (requests % FLOOR_ROWS) + 1;
    await database.query({ ...SELECT, values: [id] });
    await database.query({ ...UPDATE, values: [id, body.refreshToken] });
    const accessToken = await system
      .get(tokens.accessTokens)
      .issue(claimsFor(system, familyId, requests));
    return { accessToken, refreshToken: body.refreshToken };
  });
};

/** Creates a bare Fastify with a constant answer, and the routes that are compared with it. */
export const createBareApp = async (system: System): Promise<FastifyInstance> => {
  const app = fastify({ logger: false });
  registerClaims(app);
  app.get('/constant', async () => CONSTANT);
  app.get<{ Params: { count: number } }>('/tokens/:count', ({ params }) =>
    issueMany(system, Number(params.count)),
  );
  await addFloor(app, system);
  addWriteRoutes(app, system);
  await app.register(async (signedIn) => {
    signedIn.addHook('onRequest', requireAccessToken(system.get(tokens.http).authenticate));
    signedIn.get('/verified', async () => CONSTANT);
  });
  return app;
};
