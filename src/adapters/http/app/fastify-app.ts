import helmet from '@fastify/helmet';
import { type TypeBoxTypeProvider, TypeBoxValidatorCompiler } from '@fastify/type-provider-typebox';
import fastify, { type FastifyInstance, LogController } from 'fastify';
import { registerAccess } from '../access/enforce-access.ts';
import { registerProblemDetails } from '../problems/problem-details.ts';
import { registerRequestMetrics } from '../routes/operations/metrics.ts';
import { answerBrokenRequest, refuseUnroutablePath } from './broken-requests.ts';
import { registerJsonBodyParser } from './json-body-parser.ts';
import { registerOpenApi } from './open-api.ts';
import { accessChecksOf, type RouteDependencies, registerRoutes } from './register-routes.ts';
import { registerRequestLog } from './request-log.ts';
import {
  type ReachPosition,
  type RequestPositions,
  registerPositions,
} from './request-positions.ts';

export type HttpDependencies = RouteDependencies &
  Readonly<{
    requestPositions: RequestPositions;
    /** Undefined where the tables are never behind the log. */
    reachPosition: ReachPosition | undefined;
    newRequestId: () => string;
    logLevel: string;
    /** Addresses or networks whose X-Forwarded-* headers count. */
    trustedProxies: readonly string[];
  }>;

const BODY_LIMIT = 64 * 1024;
const REQUEST_TIMEOUT_MS = 30_000;

/** Creates the HTTP server. The server process and every test use this one. */
export const createFastifyApp = async (d: HttpDependencies): Promise<FastifyInstance> => {
  const app = fastify({
    logger: { level: d.logLevel },
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: BODY_LIMIT,
    requestTimeout: REQUEST_TIMEOUT_MS,
    forceCloseConnections: 'idle',
    return503OnClosing: false,
    genReqId: d.newRequestId,
    trustProxy: d.trustedProxies.length === 0 ? false : [...d.trustedProxies],
    routerOptions: { maxParamLength: 200 },
    frameworkErrors: refuseUnroutablePath,
    clientErrorHandler: answerBrokenRequest,
  })
    .setValidatorCompiler(TypeBoxValidatorCompiler)
    .withTypeProvider<TypeBoxTypeProvider>();

  registerProblemDetails(app);
  registerLastAnswers(app);
  registerRequestLog(app);
  registerRequestMetrics(app, d.metrics);
  if (d.reachPosition) registerPositions(app, d.requestPositions, d.reachPosition);
  registerJsonBodyParser(app);
  registerAccess(app, accessChecksOf(d));
  // TLS, and whether to insist on it, is the proxy's business.
  await app.register(helmet, {
    strictTransportSecurity: false,
    contentSecurityPolicy: { directives: { upgradeInsecureRequests: null } },
  });
  await registerOpenApi(app, d.publicUrl);

  await registerRoutes(app, d);
  return app;
};

/** Asks clients to close their connection while the server closes: a busy one would hold it up. */
const registerLastAnswers = (app: FastifyInstance): void => {
  let closing = false;
  app.addHook('preClose', async () => {
    closing = true;
  });
  app.addHook('onSend', async (_request, reply) => {
    if (closing) void reply.header('connection', 'close');
  });
};
