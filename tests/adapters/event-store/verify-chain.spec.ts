import { fc, it as property } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import type { PlacedEvent } from '../../../src/adapters/event-store/event-codec.ts';
import {
  CHAIN_START,
  chainValue,
  type StoredEvent,
} from '../../../src/adapters/event-store/stored-event.ts';
import { firstBrokenLink } from '../../../src/adapters/event-store/verify-chain.ts';

const stream = { category: 'household', id: 'hh_home' } as const;
const LENGTH = 6;

const unchained = (n: number): StoredEvent => ({
  eventId: `00000000-0000-4000-8000-00000000000${n}`,
  type: 'HouseholdCreated',
  schemaVersion: 1,
  data: { name: `Home ${n}`, nested: { list: [n, 'x'] } },
  metadata: {
    occurredAt: '2026-03-01T12:00:00.000Z',
    correlationId: 'correlation',
    causationId: 'causation',
    actor: 'user_ann',
    subject: null,
    chain: '',
  },
});

const chainOf = (length: number): readonly PlacedEvent[] => {
  const events: PlacedEvent[] = [];
  let chain = CHAIN_START;
  for (let n = 0; n < length; n += 1) {
    const revision = BigInt(n);
    const event = unchained(n);
    chain = chainValue(chain, stream, revision, event);
    const stored = { ...event, metadata: { ...event.metadata, chain } };
    events.push({ stream, revision, stored });
  }
  return events;
};

const intact = chainOf(LENGTH);
const anyPlace = fc.nat({ max: LENGTH - 1 });

const replacing = (index: number, change: (event: StoredEvent) => StoredEvent) =>
  intact.map((placed, i) => (i === index ? { ...placed, stored: change(placed.stored) } : placed));

/** All texts that differ in one character. */
const flipped = (text: string, at: number): string => {
  const index = at % text.length;
  const other = String.fromCharCode(text.charCodeAt(index) ^ 1);
  return text.slice(0, index) + other + text.slice(index + 1);
};

describe('a chain', () => {
  it('is intact as it was written', () => {
    expect(firstBrokenLink([])).toBeUndefined();
    expect(firstBrokenLink(intact)).toBeUndefined();
  });

  it('does not depend on the order of members in the database', () => {
    const reordered = intact.map(({ stored, ...placed }) => {
      const metadata = Object.fromEntries(Object.entries(stored.metadata).reverse());
      const data = Object.fromEntries(Object.entries(stored.data).reverse());
      return { ...placed, stored: { ...stored, data, metadata } as StoredEvent };
    });
    expect(firstBrokenLink(reordered)).toBeUndefined();
  });

  it('stays intact when its tail was removed', () => {
    expect(firstBrokenLink(intact.slice(0, 3))).toBeUndefined();
  });

  property.prop([anyPlace, fc.nat()])('breaks where a byte of the data was flipped', (at, byte) => {
    const tampered = replacing(at, (event) => ({
      ...event,
      data: { ...event.data, name: flipped(String(event.data.name), byte) },
    }));
    expect(firstBrokenLink(tampered)).toBe(BigInt(at));
  });

  property.prop([
    anyPlace,
    fc.nat(),
    fc.constantFrom('occurredAt', 'correlationId', 'causationId', 'actor', 'chain'),
  ])('breaks where a byte of the metadata was flipped', (at, byte, member) => {
    const tampered = replacing(at, (event) => ({
      ...event,
      metadata: { ...event.metadata, [member]: flipped(event.metadata[member], byte) },
    }));
    expect(firstBrokenLink(tampered)).toBe(BigInt(at));
  });

  it.each<Partial<StoredEvent>>([
    { eventId: '00000000-0000-4000-8000-0000000000ff' },
    { type: 'HouseholdDeleted' },
    { schemaVersion: 2 },
    { data: { name: 'Home 3', nested: { list: ['x', 3] } } },
    { data: { name: 'Home 3', nested: { list: [3, 'x'] }, more: null } },
    { metadata: { ...unchained(3).metadata, subject: 'user_ann' } },
  ])('has a broken link where an event was altered: %o', (change) => {
    const tampered = replacing(3, (event) => ({ ...event, ...change }));
    expect(firstBrokenLink(tampered)).toBe(3n);
  });

  property.prop([fc.uniqueArray(anyPlace, { minLength: 2, maxLength: 2 })])(
    'breaks at the first of two events that were swapped',
    ([a = 0, b = 0]) => {
      const at = (i: number) => intact[i === a ? b : i === b ? a : i];
      const swapped = intact.flatMap(({ revision }, i) => {
        const found = at(i);
        return found === undefined ? [] : [{ ...found, revision }];
      });
      expect(firstBrokenLink(swapped)).toBe(BigInt(Math.min(a, b)));
    },
  );

  property.prop([fc.nat({ max: LENGTH - 2 }), fc.boolean()])(
    'breaks where an event was removed, renumbered or not',
    (at, renumbered) => {
      const left = intact.filter((_, i) => i !== at);
      const closed = left.map((event, i) => ({ ...event, revision: BigInt(i) }));
      expect(firstBrokenLink(renumbered ? closed : left)).toBe(BigInt(at));
    },
  );

  it('has a broken link at its start in another stream', () => {
    const elsewhere = { ...stream, id: 'hh_other' };
    expect(firstBrokenLink(intact.map((event) => ({ ...event, stream: elsewhere })))).toBe(0n);
  });

  it('cannot be continued without the previous chain value', () => {
    const [first] = chainOf(1);
    const forged = { ...unchained(3), metadata: { ...unchained(3).metadata } };
    const chain = chainValue(first?.stored.metadata.chain ?? '', stream, 3n, forged);
    const tampered = replacing(3, () => ({ ...forged, metadata: { ...forged.metadata, chain } }));
    expect(firstBrokenLink(tampered)).toBe(3n);
  });
});
