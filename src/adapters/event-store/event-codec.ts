import type { NewEvent, RecordedEvent, StreamId } from '../../application/kernel/event-store.ts';
import { streamName } from '../../application/kernel/event-store.ts';
import type { EventRegistry } from './event-registry.ts';
import type { DataKey, PersonalDataCipher } from './personal-data-cipher.ts';
import {
  decryptPersonalFields,
  encryptPersonalFields,
  type PersonalFields,
  personalHolder,
  personalText,
} from './personal-fields.ts';
import { chainValue, type StoredEvent } from './stored-event.ts';

type Data = Readonly<Record<string, unknown>>;

/** The user or household that a stream's personal fields belong to, and its data key. */
export type Subject = Readonly<{ id: string; key: DataKey }>;

/** A stored event with its stream and its revision. */
export type PlacedEvent = Readonly<{
  stream: StreamId;
  revision: bigint;
  stored: StoredEvent;
}>;

/** The part of a placed event that decoding needs. */
export type ReadableEvent = Omit<PlacedEvent, 'stored'> &
  Readonly<{ stored: Omit<StoredEvent, 'metadata'> }>;

/** Encodes, encrypts and chains events; see `createEventCodec`. */
export type EventCodec = ReturnType<typeof createEventCodec>;

/** Personal members of a snapshot, per stream category. */
const SNAPSHOT_PERSONAL: Readonly<Record<StreamId['category'], PersonalFields>> = {
  user: {
    email: personalText,
    username: personalText,
    displayName: personalText,
    passwordHash: personalText,
    pending: null,
    upgrade: null,
    newEmail: personalText,
    undos: [],
  },
  household: { name: personalText },
  tokenFamily: { holder: personalHolder },
};

const SNAPSHOT = 'snapshot';

/** Translates between the application's events and the form in which both stores keep them. */
export const createEventCodec = (registry: EventRegistry, cipher: PersonalDataCipher) => ({
  /**
   * The subject of a stream's personal fields, given its first event; a household is its own
   * subject.
   */
  subjectOf: ({ category, id }: StreamId, first: NewEvent): string | null => {
    switch (category) {
      case 'user':
      case 'household':
        return id;
      case 'tokenFamily':
        return 'userId' in first.event.data ? String(first.event.data.userId) : null;
    }
  },

  /** @throws EventSchemaError */
  encode: (
    { eventId, event: { type, data }, metadata }: NewEvent,
    stream: StreamId,
    revision: bigint,
    previousChain: string,
    subject: Subject | undefined,
  ): StoredEvent => {
    registry.requireValid(stream.category, type, data as Data);
    const schemaVersion = registry.currentVersion(type);
    const personal = registry.personalFields(type, schemaVersion);
    const place = { stream: streamName(stream), owner: eventId };
    // A household created before households had data keys stays in plain text.
    const mayBePlain = stream.category === 'household';
    if (subject === undefined && Object.keys(personal).length > 0 && !mayBePlain) {
      throw new TypeError(`${type} holds personal data but its stream has no subject`);
    }
    const encrypted =
      subject === undefined
        ? (data as Data)
        : encryptPersonalFields(cipher, subject.key, personal, data as Data, place);
    const unchained: StoredEvent = {
      eventId,
      type,
      schemaVersion,
      data: encrypted,
      metadata: { ...metadata, subject: subject?.id ?? null, chain: '' },
    };
    const chain = chainValue(previousChain, stream, revision, unchained);
    return { ...unchained, metadata: { ...unchained.metadata, chain } };
  },

  /**
   * `key` is undefined for an erased subject: tombstones replace its fields. @throws
   * EventSchemaError
   */
  decode: (
    { stream, stored: { eventId, type, schemaVersion, data } }: ReadableEvent,
    key: DataKey | undefined,
  ): RecordedEvent['event'] => {
    const personal = registry.personalFields(type, schemaVersion);
    const place = { stream: streamName(stream), owner: eventId };
    const plain = decryptPersonalFields(cipher, key, personal, data, place);
    return { type, data: registry.upcast(type, schemaVersion, plain) };
  },

  encodeSnapshot: (state: unknown, stream: StreamId, subject: Subject | undefined): Data =>
    subject === undefined
      ? (state as Data)
      : encryptPersonalFields(
          cipher,
          subject.key,
          SNAPSHOT_PERSONAL[stream.category],
          state as Data,
          { stream: streamName(stream), owner: SNAPSHOT },
        ),

  decodeSnapshot: (state: Data, stream: StreamId, key: DataKey | undefined): Data =>
    decryptPersonalFields(cipher, key, SNAPSHOT_PERSONAL[stream.category], state, {
      stream: streamName(stream),
      owner: SNAPSHOT,
    }),

  createWrappedKey: cipher.createWrappedKey,
  unwrapKey: cipher.unwrapKey,
});
