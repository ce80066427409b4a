import { describe, expect, it } from 'vitest';
import { eventDefinitions } from '../../../src/adapters/event-store/schemas/event-definitions.ts';
import { firstBrokenLink } from '../../../src/adapters/event-store/verify-chain.ts';
import { parseStreamName } from '../../../src/application/kernel/event-store.ts';
import {
  fixtureCodec,
  fixtureName,
  readFixtures,
  type StoredEventFixture,
} from '../../support/event-log/stored-event-fixtures.ts';

const fixtures = await readFixtures();

const place = ({ stream, revision, stored }: StoredEventFixture) => ({
  stream: parseStreamName(stream),
  revision: BigInt(revision),
  stored,
});

const keyOf = ({ subjectKey, stored }: StoredEventFixture) =>
  subjectKey === null
    ? undefined
    : fixtureCodec.unwrapKey(stored.metadata.subject ?? '', subjectKey);

const everStored = Object.entries(eventDefinitions).flatMap(([type, { versions }]) =>
  versions.map((_, i) => fixtureName(type, i + 1)),
);

describe('stored events of earlier versions', () => {
  it('exist for every version of every type', () => {
    expect([...fixtures.keys()].sort()).toStrictEqual([...everStored].sort());
  });

  it.each([...fixtures])('match their file name: %s', (name, { stored }) => {
    expect(fixtureName(stored.type, stored.schemaVersion)).toBe(name);
  });

  it.each([...fixtures])('are decoded as before: %s', (_, fixture) => {
    expect(fixtureCodec.decode(place(fixture), keyOf(fixture))).toStrictEqual({
      type: fixture.stored.type,
      data: fixture.decoded,
    });
  });

  it.each([...fixtures])(
    'are decoded with tombstones once their subject is erased: %s',
    (_, fixture) => {
      const { type } = fixture.stored;
      const personal = fixtureCodec.decode(place(fixture), undefined);
      const hidden = Object.entries(fixture.stored.data).filter(
        ([, value]) => typeof value === 'object' && value !== null && '$personal' in value,
      );
      expect(personal).toStrictEqual({
        type,
        data: {
          ...fixture.decoded,
          ...Object.fromEntries(hidden.map(([field]) => [field, expect.anything()])),
        },
      });
      for (const [field] of hidden) {
        const text = JSON.stringify(Object.entries(personal.data).find(([key]) => key === field));
        expect(text.replaceAll('[erased]', '')).not.toMatch(
          /@|argon2|192\.|203\.|Laptop|curl|"[Aa]nna?"/,
        );
        expect(text).toContain('[erased]');
      }
    },
  );

  it('form intact chains', () => {
    const streams = new Set([...fixtures.values()].map(({ stream }) => stream));
    const broken = [...streams].map((stream) => [
      stream,
      firstBrokenLink([...fixtures.values()].filter((f) => f.stream === stream).map(place)),
    ]);
    expect(broken).toStrictEqual([...streams].map((stream) => [stream, undefined]));
  });
});
