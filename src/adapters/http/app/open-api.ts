import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import type { FastifyInstance } from 'fastify';
import { ANONYMOUS } from '../access/access-rules.ts';

/** GET /openapi.json and a page to try it, /docs: both made from the routes' own schemas. */
export const registerOpenApi = async (app: FastifyInstance, publicUrl: string): Promise<void> => {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Latchkey',
        version: '1',
        description: 'Accounts, households and sessions. Errors are RFC 9457 problem documents.',
      },
      servers: [{ url: publicUrl }],
      components: {
        securitySchemes: {
          accessToken: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' },
          resourceServer: { type: 'http', scheme: 'basic' },
        },
      },
    },
  });
  await app.register(async (docs) => {
    docs.decorate('pluginAccess', ANONYMOUS);
    await docs.register(swaggerUi, { routePrefix: '/docs', staticCSP: true });
    docs.get('/openapi.json', { config: { access: ANONYMOUS }, schema: { hide: true } }, () =>
      app.swagger(),
    );
  });
};
