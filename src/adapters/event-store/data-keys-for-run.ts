import { LRUCache } from 'lru-cache';
import type { Queryable } from '../postgres/connection/connection.ts';
import type { EventCodec } from './event-codec.ts';
import type { DataKey } from './personal-data-cipher.ts';

const READ_KEYS = {
  name: 'read_subject_keys',
  text: 'SELECT subject_id, wrapped_key FROM subject_keys WHERE subject_id = ANY ($1)',
};
const MAX_KEYS = 50_000;

type KeyRow = Readonly<{ subject_id: string; wrapped_key: string }>;

/**
 * Loads data keys for one pass over the log; each is read and unwrapped about once. The cache ends
 * with the pass, because the key of an erased user must not outlive the row that held it.
 */
export const createDataKeysForRun = (database: Queryable, codec: Pick<EventCodec, 'unwrapKey'>) => {
  const known = new LRUCache<string, DataKey>({ max: MAX_KEYS });

  /** @returns the keys of `subjects`; erased subjects have none */
  return async (subjects: Iterable<string>): Promise<ReadonlyMap<string, DataKey>> => {
    const keys = new Map<string, DataKey>();
    const unknown: string[] = [];
    for (const id of new Set(subjects)) {
      const found = known.get(id);
      if (found === undefined) unknown.push(id);
      else keys.set(id, found);
    }
    if (unknown.length === 0) return keys;
    const rows = await database.query<KeyRow>({ ...READ_KEYS, values: [unknown] });
    for (const { subject_id: id, wrapped_key: wrapped } of rows) {
      // Copied: the cipher returns a slice, which would keep its much larger buffer in memory.
      const key = new Uint8Array(codec.unwrapKey(id, wrapped));
      known.set(id, key);
      keys.set(id, key);
    }
    return keys;
  };
};
