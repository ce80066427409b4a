import type { RecordedEvent } from '../../../src/application/kernel/event-store.ts';
import { tokens } from '../../../src/composition/system-tokens.ts';
import { eventually } from '../kernel/eventually.ts';
import type { ComposedSystem } from '../servers/composed-system.ts';

/** Reads the whole log in order, once all transactions of the cluster that were open have ended. */
export const readWholeLog = async ({
  get,
  sql,
}: Pick<ComposedSystem, 'get' | 'sql'>): Promise<readonly RecordedEvent[]> => {
  let log: RecordedEvent[] = [];
  await eventually(async () => {
    log = [];
    for await (const event of get(tokens.eventStore).readAll()) log.push(event);
    if (get(tokens.eventStoreDb) !== undefined) return true;
    const [stored] = await sql<{ count: number }>('SELECT count(*)::integer AS count FROM events');
    return log.length === stored?.count;
  }, 'the whole log can be read');
  return log;
};
