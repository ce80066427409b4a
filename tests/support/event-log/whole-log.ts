import type { RecordedEvent } from '../../../src/application/kernel/event-store.ts';
import { tokens } from '../../../src/composition/system-tokens.ts';
import { eventually } from '../kernel/eventually.ts';
import type { ComposedSystem } from '../servers/composed-system.ts';

/** Everything there is, in order: not before every transaction of the cluster that was open is over. */
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
