import { describe, expect, it } from 'vitest';
import { createEventCodec, type Subject } from '../../../src/adapters/event-store/event-codec.ts';
import {
  createEventRegistry,
  EventSchemaError,
} from '../../../src/adapters/event-store/event-registry.ts';
import { createPersonalDataCipher } from '../../../src/adapters/event-store/personal-data-cipher.ts';
import { eventDefinitions } from '../../../src/adapters/event-store/schemas/event-definitions.ts';
import { CHAIN_START, type StoredEvent } from '../../../src/adapters/event-store/stored-event.ts';
import { tokenFamilyAggregate, userAggregate } from '../../../src/application/kernel/aggregate.ts';
import type { StreamId } from '../../../src/application/kernel/event-store.ts';
import { fold } from '../../../src/domain/decider.ts';
import { newEvent } from '../../support/event-log/event-store-fixtures.ts';
import {
  everyEvent,
  familyStream,
  userStream,
} from '../../support/events/projected-event-fixtures.ts';
import { rotated, started } from '../../support/events/token-family-fixtures.ts';
import { failed, registered } from '../../support/events/user-fixtures.ts';

const key = { id: 1, bytes: new Uint8Array(32).fill(1) };
const codec = createEventCodec(
  createEventRegistry(eventDefinitions),
  createPersonalDataCipher({ current: key, find: (id) => (id === 1 ? [key] : []) }),
);
const subject: Subject = { id: 'user_ann', key: codec.createWrappedKey('user_ann').key };

const PLAIN = [
  'ann@example.com',
  '"Ann"',
  '"Anna"',
  '"ann"',
  '"anna"',
  '$argon2id$',
  '192.0.2.1',
  '203.0.113.9',
  'Laptop',
  'curl',
];
const erased = '[erased]';
const erasedHolder = { ip: erased, userAgent: erased, agentHash: erased };

const encode = (stream: StreamId, event: (typeof everyEvent)[number]['event']) =>
  codec.encode(newEvent(event), stream, 0n, CHAIN_START, subject);

const decode = (stream: StreamId, stored: StoredEvent, dataKey: Subject['key'] | undefined) =>
  codec.decode({ stream, revision: 0n, stored }, dataKey);

describe('an event', () => {
  it.each(everyEvent)('of any type is decoded unchanged: $event.type', ({ stream, event }) => {
    expect(decode(stream, encode(stream, event), subject.key)).toStrictEqual(event);
  });

  it.each(everyEvent)('of any type stays readable once its user is erased: $event.type', (e) => {
    const { stream, event } = e;
    const decoded = decode(stream, encode(stream, event), undefined);
    expect(decoded.type).toBe(event.type);
    const text = JSON.stringify(decoded.data);
    if (stream.category !== 'household') for (const mark of PLAIN) expect(text).not.toContain(mark);
  });

  it('is stored with its personal fields encrypted and all others plain', () => {
    const stored = encode(userStream, registered);
    const encrypted = { $personal: expect.stringMatching(/^[\w-]{38,}$/) };
    expect(stored).toStrictEqual({
      eventId: expect.any(String),
      type: 'UserRegistered',
      schemaVersion: 2,
      data: {
        ...registered.data,
        email: encrypted,
        username: encrypted,
        displayName: encrypted,
        passwordHash: encrypted,
      },
      metadata: {
        occurredAt: '2026-03-01T12:00:00.000Z',
        correlationId: 'correlation-1',
        causationId: 'causation-1',
        actor: 'system',
        subject: 'user_ann',
        chain: expect.stringMatching(/^[0-9a-f]{64}$/),
      },
    });
  });

  it.each(everyEvent)('of any type is stored without plain personal data: $event.type', (e) => {
    const text = JSON.stringify(encode(e.stream, e.event));
    if (e.stream.category !== 'household')
      for (const mark of PLAIN) expect(text).not.toContain(mark);
  });

  it('keeps null in a personal field as null', () => {
    const silent = { ...registered, data: { ...registered.data, username: null } };
    const stored = encode(userStream, silent);
    expect(stored.data.username).toBeNull();
    expect(decode(userStream, stored, undefined)).toMatchObject({ data: { username: null } });
  });

  it('reads as tombstones when its user is erased', () => {
    expect(decode(userStream, encode(userStream, registered), undefined).data).toStrictEqual({
      ...registered.data,
      email: erased,
      username: erased,
      displayName: erased,
      passwordHash: erased,
    });
    const client = { ip: erased, userAgent: erased };
    expect(decode(userStream, encode(userStream, failed(1)), undefined).data).toStrictEqual({
      ...failed(1).data,
      client,
    });
    expect(decode(familyStream, encode(familyStream, started), undefined).data).toStrictEqual({
      ...started.data,
      deviceName: erased,
      holder: erasedHolder,
    });
  });

  it.each<[string, (stored: StoredEvent) => [StreamId, StoredEvent]]>([
    ['event', (stored) => [userStream, { ...stored, eventId: newEvent(registered).eventId }]],
    ['stream', (stored) => [{ ...userStream, id: 'user_ben' }, stored]],
    [
      'field',
      (stored) => [
        userStream,
        { ...stored, data: { ...stored.data, username: stored.data.displayName } },
      ],
    ],
  ])('has ciphertext that cannot be decrypted in another %s', (_, move) => {
    expect(() => decode(...move(encode(userStream, registered)), subject.key)).toThrow();
  });

  it('with personal data cannot be encoded without a data key', () => {
    const event = newEvent(registered);
    expect(() => codec.encode(event, userStream, 0n, CHAIN_START, undefined)).toThrow(TypeError);
  });

  it('that does not match its schema is refused before an append and after a read', () => {
    const nameless = {
      type: 'DisplayNameChanged',
      data: { changedAt: '2026-03-01T12:00:00.000Z' },
    };
    expect(() => encode(userStream, nameless)).toThrow(EventSchemaError);
    expect(() => encode(familyStream, registered)).toThrow(EventSchemaError);
    const stored = encode(userStream, registered);
    const broken: Partial<StoredEvent>[] = [
      { type: 'Unheard' },
      { schemaVersion: 3 },
      { schemaVersion: 0 },
      { data: { ...stored.data, role: 'root' } },
      { data: { ...stored.data, surplus: 1 } },
    ];
    for (const change of broken) {
      expect(() => decode(userStream, { ...stored, ...change }, subject.key)).toThrow(
        EventSchemaError,
      );
    }
  });
});

describe('the subject of a stream', () => {
  it('is its user, or the household itself', () => {
    const household = { category: 'household', id: 'hh_home' } as const;
    expect(codec.subjectOf(userStream, newEvent(registered))).toBe('user_ann');
    expect(codec.subjectOf(familyStream, newEvent(started))).toBe('user_ann');
    expect(codec.subjectOf(household, newEvent(registered))).toBe('hh_home');
  });
});

describe('a snapshot', () => {
  const user = fold(userAggregate.decider, userAggregate.decider.initialState, [registered]);
  const { decider } = tokenFamilyAggregate;
  const family = fold(decider, decider.initialState, [started, rotated(1, 60)]);

  it.each([
    { stream: userStream, state: user },
    { stream: familyStream, state: family },
  ])('of a $stream.category comes back as it was, and shows nothing personal', (snapshot) => {
    const { stream, state } = snapshot;
    const stored = codec.encodeSnapshot(state, stream, subject);
    for (const mark of PLAIN) expect(JSON.stringify(stored)).not.toContain(mark);
    expect(codec.decodeSnapshot(stored, stream, subject.key)).toStrictEqual(state);
  });

  it('reads as tombstones when its user is erased', () => {
    const stored = codec.encodeSnapshot(family, familyStream, subject);
    expect(codec.decodeSnapshot(stored, familyStream, undefined)).toStrictEqual({
      ...family,
      holder: erasedHolder,
    });
  });

  it('cannot lend its ciphertext to another stream', () => {
    const stored = codec.encodeSnapshot(family, familyStream, subject);
    const other = { ...familyStream, id: '01980a5c-1111-7222-8333-555555555555' };
    expect(() => codec.decodeSnapshot(stored, other, subject.key)).toThrow();
  });
});
