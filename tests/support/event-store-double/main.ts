import { parseArgs } from 'node:util';
import { startEventStoreDouble } from './event-store-double.ts';

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '0' },
    nodes: { type: 'string', default: '1' },
    'no-batch-append': { type: 'boolean', default: false },
  },
});

/** The double as a process of its own: one line of JSON on stdout, then it serves until SIGTERM. */
const double = await startEventStoreDouble({
  port: Number(values.port),
  nodes: values.nodes === '3' ? 3 : 1,
  batchAppend: !values['no-batch-append'],
});
process.once('SIGTERM', () => void double.stop().then(() => process.exit(0)));
process.stdout.write(`${JSON.stringify({ connectionString: double.connectionString })}\n`);
