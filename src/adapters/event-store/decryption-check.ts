import { parseStreamName } from '../../application/kernel/event-store.ts';
import type { Queryable } from '../postgres/connection/connection.ts';
import type { EventCodec } from './event-codec.ts';
import type { DataKey } from './personal-data-cipher.ts';
import type { StoredEvent } from './stored-event.ts';

type Placed = Readonly<{ stream: string; revision: number; stored: StoredEvent }>;
type KeyRow = Readonly<{ subject_id: string; wrapped_key: string }>;

const READ_KEYS = 'SELECT subject_id, wrapped_key FROM subject_keys WHERE subject_id = ANY ($1)';

/** Finds the events whose personal fields cannot be decrypted; see `createCheckDecryption`. */
export type CheckDecryption = (
  connection: Queryable,
  events: readonly Placed[],
) => Promise<ReadonlySet<Placed>>;

/** Tampered metadata may hold any value. */
const subjectOf = ({ metadata: { subject } }: StoredEvent): string | null =>
  typeof subject === 'string' ? subject : null;

/**
 * Finds events that cannot be decoded although they have no personal fields, or the data key of
 * those exists. A missing key is no fault: its subject is erased.
 */
export const createCheckDecryption =
  (codec: EventCodec): CheckDecryption =>
  async (connection, events) => {
    const subjects = new Set(events.flatMap(({ stored }) => subjectOf(stored) ?? []));
    const rows = await connection.query<KeyRow>({ text: READ_KEYS, values: [[...subjects]] });
    const wrapped = new Map(rows.map((row) => [row.subject_id, row.wrapped_key]));

    const keyOf = (stored: StoredEvent): DataKey | undefined => {
      const subject = subjectOf(stored);
      const key = subject === null ? undefined : wrapped.get(subject);
      return subject === null || key === undefined ? undefined : codec.unwrapKey(subject, key);
    };
    const isReadable = ({ stream, revision, stored }: Placed): boolean => {
      try {
        const placed = { stream: parseStreamName(stream), revision: BigInt(revision), stored };
        codec.decode(placed, keyOf(stored));
        return true;
      } catch {
        return false;
      }
    };
    return new Set(events.filter((event) => !isReadable(event)));
  };
