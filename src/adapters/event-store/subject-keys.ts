import { LRUCache } from 'lru-cache';
import { ApplicationError } from '../../application/kernel/errors.ts';
import type { Database } from '../postgres/connection/connection.ts';
import type { EventCodec, Subject } from './event-codec.ts';

const MAX_KEYS = 10_000;

/** A cache of data keys for appends; see `createSubjectKeys`. */
export type SubjectKeys = ReturnType<typeof createSubjectKeys>;

/**
 * Caches data keys for encryption. Reads never use it: they query the database each time, so that
 * an erased user stays erased. A field that is still encrypted under a destroyed key reads as a
 * tombstone.
 */
export const createSubjectKeys = (database: Database, codec: EventCodec) => {
  const known = new LRUCache<string, Subject>({ max: MAX_KEYS });
  return {
    remember: (subject: Subject): void => void known.set(subject.id, subject),

    /** @throws ApplicationError `user_not_found` when the user is erased or never existed */
    load: async (id: string): Promise<Subject> => {
      const remembered = known.get(id);
      if (remembered !== undefined) return remembered;
      const [row] = await database.query<{ wrapped_key: string }>({
        name: 'read_subject_key',
        text: 'SELECT wrapped_key FROM subject_keys WHERE subject_id = $1',
        values: [id],
      });
      if (row === undefined) throw new ApplicationError('user_not_found');
      const subject = { id, key: codec.unwrapKey(id, row.wrapped_key) };
      known.set(id, subject);
      return subject;
    },
  };
};
