import { parseArgs } from 'node:util';
import { operationsOn, type Question, type Reply } from './double-operations.ts';
import { startEventStoreDouble } from './event-store-double.ts';

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '0' },
    nodes: { type: 'string', default: '1' },
    'no-batch-append': { type: 'boolean', default: false },
  },
});

/**
 * The double as a process of its own: one line of JSON on stdout, then it serves until SIGTERM, and
 * answers what its parent asks of it.
 */
const double = await startEventStoreDouble({
  port: Number(values.port),
  nodes: values.nodes === '3' ? 3 : 1,
  batchAppend: !values['no-batch-append'],
});
const operations: Readonly<Record<string, (...values: never[]) => unknown>> = operationsOn(double);
const answer = async ({ id, name, values }: Question): Promise<Reply> => {
  try {
    const result = await operations[name]?.(...(values as never[]));
    return { id, result, failure: undefined };
  } catch (error) {
    return { id, result: undefined, failure: String(error) };
  }
};
process.on('message', async (question: Question) => {
  const reply = await answer(question);
  process.send?.(reply);
});
const end = () => void double.stop().then(() => process.exit(0));
process.once('SIGTERM', end);
process.once('disconnect', end);
process.stdout.write(`${JSON.stringify({ connectionString: double.connectionString })}\n`);
