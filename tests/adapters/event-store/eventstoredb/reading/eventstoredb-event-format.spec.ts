import { describe, expect, it } from 'vitest';
import type { EventStoreDbEvent } from '../../../../../src/adapters/event-store/eventstoredb/client/eventstoredb-event.ts';
import {
  fromPosition,
  toLogged,
  toPosition,
  toProposed,
} from '../../../../../src/adapters/event-store/eventstoredb/reading/eventstoredb-event-format.ts';
import { UnreadableEvent } from '../../../../../src/adapters/event-store/eventstoredb/reading/unreadable-event.ts';
import type { StoredEvent } from '../../../../../src/adapters/event-store/stored-event.ts';

const stored: StoredEvent = {
  eventId: '01980a5c-1111-7222-8333-444444444444',
  type: 'LocaleChanged',
  schemaVersion: 2,
  data: { locale: 'de' },
  metadata: {
    occurredAt: '2026-03-01T12:00:00.000Z',
    correlationId: 'request-1',
    causationId: 'request-1',
    actor: 'system',
    subject: 'user_ann',
    chain: 'ab'.repeat(32),
  },
};
const kept = (event = toProposed(stored, 7n, 'transaction-1')): EventStoreDbEvent => ({
  ...event,
  stream: 'user-user_ann',
  number: 9n,
  position: { commit: 2n ** 63n, prepare: 5n },
});

describe('a position', () => {
  it('is text that sorts in log order and converts back exactly', () => {
    const places = [0n, 9n, 10n, 2n ** 53n + 1n, 2n ** 64n - 1n].flatMap((commit) =>
      [0n, 2n ** 64n - 1n].map((prepare) => ({ commit, prepare })),
    );
    const texts = places.map(toPosition);
    expect(texts.toSorted()).toStrictEqual(texts);
    expect(texts.map(fromPosition)).toStrictEqual(places);
    expect(toPosition({ commit: 12n, prepare: 3n })).toBe(
      '00000000000000000012-00000000000000000003',
    );
    expect(fromPosition(undefined)).toBeUndefined();
  });
});

describe('an event', () => {
  it('is stored with revision, version and transaction besides the chained data', () => {
    expect(toProposed(stored, 7n, 'transaction-1')).toStrictEqual({
      id: stored.eventId,
      type: 'LocaleChanged',
      data: { locale: 'de' },
      metadata: {
        ...stored.metadata,
        schemaVersion: 2,
        revision: '7',
        transaction: 'transaction-1',
      },
    });
    expect(toProposed(stored, 7n, undefined).metadata).not.toHaveProperty('transaction');
  });

  it('is converted back unchanged', () => {
    expect(toLogged(kept())).toStrictEqual({
      stream: { category: 'user', id: 'user_ann' },
      revision: 7n,
      number: 9n,
      position: '09223372036854775808-00000000000000000005',
      stored,
      transaction: 'transaction-1',
    });
    expect(toLogged(kept(toProposed(stored, 7n, undefined))).transaction).toBeUndefined();
  });
});

describe('an event in another format', () => {
  const { metadata } = kept();
  const without = (name: string) =>
    Object.fromEntries(Object.entries(metadata as object).filter(([key]) => key !== name));

  it.each<[string, Partial<EventStoreDbEvent>]>([
    ['no metadata', { metadata: undefined }],
    ['metadata that are text', { metadata: 'chain schemaVersion revision' }],
    ['no chain', { metadata: without('chain') }],
    ['no version', { metadata: without('schemaVersion') }],
    ['no revision', { metadata: without('revision') }],
    ['a revision that is no number', { metadata: { ...(metadata as object), revision: '1e3' } }],
    ['a negative revision', { metadata: { ...(metadata as object), revision: '-1' } }],
    ['no data', { data: undefined }],
    ['data that are null', { data: null }],
    ['data that are a list', { data: [] }],
    ['data that are bytes', { data: 'AAEC' }],
  ])('is reported with type and position: %s', (_, spoilt) => {
    const attempt = () => toLogged({ ...kept(), ...spoilt });
    expect(attempt).toThrow(UnreadableEvent);
    expect(attempt).toThrow(
      'The log holds an event that this version cannot read: LocaleChanged at 09223372036854775808-00000000000000000005.',
    );
  });
});
