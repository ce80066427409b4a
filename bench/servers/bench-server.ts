/**
 * Runs the whole service on one port and the bare app on a second one, in one process, so that load
 * on the first can affect the second and both are measured under the same conditions. Arguments:
 * the second port.
 */
import { createFastifyApp } from '../../src/adapters/http/app/fastify-app.ts';
import { migrateUp } from '../../src/adapters/postgres/connection/migrations.ts';
import { tokens } from '../../src/composition/system-tokens.ts';
import { readConfig } from '../../src/configuration/config.ts';
import { requireLogLocation } from '../../src/server/log-location.ts';
import { openSystem } from '../../src/server/open-system.ts';
import { createBareApp } from './bare-app.ts';

const config = readConfig();
const system = await openSystem(config, () => undefined);
await migrateUp(system.connectionString);
await requireLogLocation(system);
const eventStoreDb = system.get(tokens.eventStoreDb);
if (eventStoreDb) system.get(tokens.runAlone)('projector', eventStoreDb.projector.run);
await system.get(tokens.signingKeyStore).ensureKeys();
await system.get(tokens.signingKeys).load();
await system.get(tokens.denylist).start();
const bare = await createBareApp(system);
await bare.listen({ host: config.host, port: Number(process.argv[2]) });
const app = await createFastifyApp(system.get(tokens.http));
await app.listen({ host: config.host, port: config.port });
process.once('SIGTERM', () => process.exit(0));
