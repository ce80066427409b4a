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
 * Data keys for one reading of the whole log, each asked for and unwrapped about once. Not for longer: an
 * erased person has to stay erased.
 */
export const createDataKeysForRun = (database: Queryable, codec: Pick<EventCodec, 'unwrapKey'>) => {
  const known = new LRUCache<string, DataKey>({ max: MAX_KEYS });

  /** The keys of `subjects`, without those of the erased. */
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
      // A copy: what comes out of the cipher is a piece of a much larger buffer, which it would keep.
      const key = new Uint8Array(codec.unwrapKey(id, wrapped));
      known.set(id, key);
      keys.set(id, key);
    }
    return keys;
  };
};
