import {
  type EventStore,
  RevisionConflict,
  type StreamAppend,
} from '../../../application/kernel/event-store.ts';
import type { Database } from '../../postgres/connection/connection.ts';
import type { EventCodec, Subject } from '../event-codec.ts';
import { type AppendSubject, encodeAppend } from '../postgres/encode-append.ts';
import type { SubjectKeys } from '../subject-keys.ts';
import type { OutgoingAppend } from './eventstoredb-store-appends.ts';
import { type EventStoreDbHead, isEventStoreDbHead } from './reading/eventstoredb-stream-read.ts';

type Dependencies = Readonly<{
  database: Database;
  codec: EventCodec;
  subjectKeys: SubjectKeys;
  read: EventStore['read'];
}>;

const ADD_KEY = {
  name: 'add_subject_key',
  text: `INSERT INTO subject_keys (subject_id, wrapped_key) VALUES ($1, $2)
    ON CONFLICT DO NOTHING RETURNING 1`,
};

/** Converts the application's appends to the form in which EventStoreDB stores them. */
export const createEncodeAppends = ({ database, codec, subjectKeys, read }: Dependencies) => {
  /** Completes a head that holds nothing but a revision, since it does not come from `read`. */
  const completeHead = async ({
    stream,
    expected,
  }: StreamAppend): Promise<EventStoreDbHead | undefined> => {
    if (isEventStoreDbHead(expected)) return expected;
    if (expected.revision === 'none') return undefined;
    const { head } = await read(stream, 0);
    if (!isEventStoreDbHead(head) || head.revision !== expected.revision) {
      throw new RevisionConflict(stream);
    }
    return head;
  };

  /** Stores a new key before anything is encrypted under it, so that it cannot be lost. */
  const createKey = async (id: string): Promise<Subject> => {
    const { key, wrapped } = codec.createWrappedKey(id);
    const rows = await database.query({ ...ADD_KEY, values: [id, wrapped] });
    return rows.length === 1 ? { id, key } : subjectKeys.load(id);
  };

  const subjectFor = async (
    { stream, events: [first] }: StreamAppend,
    head: EventStoreDbHead | undefined,
    created: Map<string, Subject>,
  ): Promise<AppendSubject> => {
    const nothing = { id: null, subject: undefined, newWrappedKey: undefined };
    if (head !== undefined && head.revision !== 'none') {
      return { ...nothing, id: head.subject?.id ?? null, subject: head.subject };
    }
    const id = first === undefined ? null : codec.subjectOf(stream, first);
    if (id === null) return nothing;
    const known = created.get(id);
    const subject =
      known ??
      (stream.category === 'tokenFamily' ? await subjectKeys.load(id) : await createKey(id));
    created.set(id, subject);
    return { ...nothing, id, subject };
  };

  /** @throws RevisionConflict; EventSchemaError */
  return async (appends: readonly StreamAppend[]): Promise<readonly OutgoingAppend[]> => {
    const created = new Map<string, Subject>();
    const outgoing: OutgoingAppend[] = [];
    for (const append of appends) {
      const head = await completeHead(append);
      const subject = await subjectFor(append, head, created);
      const { revision = 'none', chain } = head ?? {};
      const encoded = encodeAppend(
        codec,
        append,
        revision === 'none' || chain === undefined
          ? undefined
          : { revision, chain, subject: subject.subject },
        subject,
      );
      outgoing.push({ encoded, number: head?.number ?? 'none' });
    }
    for (const subject of created.values()) subjectKeys.remember(subject);
    return outgoing;
  };
};
