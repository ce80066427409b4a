import { parseArgs } from 'node:util';
import { type OperationReply, type OperationRequest, operationsOn } from './double-operations.ts';
import { startEventStoreDouble } from './event-store-double.ts';

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '0' },
    nodes: { type: 'string', default: '1' },
    'no-batch-append': { type: 'boolean', default: false },
  },
});

/**
 * Runs the double as a process: prints one line of JSON, serves until SIGTERM, and runs the
 * operations that its parent process calls.
 */
const double = await startEventStoreDouble({
  port: Number(values.port),
  nodes: values.nodes === '3' ? 3 : 1,
  batchAppend: !values['no-batch-append'],
});
const operations: Readonly<Record<string, (...values: never[]) => unknown>> = operationsOn(double);
const answer = async ({ id, name, values }: OperationRequest): Promise<OperationReply> => {
  try {
    const result = await operations[name]?.(...(values as never[]));
    return { id, result, failure: undefined };
  } catch (error) {
    return { id, result: undefined, failure: String(error) };
  }
};
process.on('message', async (question: OperationRequest) => {
  const reply = await answer(question);
  process.send?.(reply);
});
const end = () => void double.stop().then(() => process.exit(0));
process.once('SIGTERM', end);
process.once('disconnect', end);
process.stdout.write(`${JSON.stringify({ connectionString: double.connectionString })}\n`);
