import { Type } from 'typebox';
import { describe, expect, it } from 'vitest';
import {
  createEventRegistry,
  defineEvent,
  type EventDefinitions,
  EventSchemaError,
  type EventVersion,
} from '../../../src/adapters/event-store/event-registry.ts';
import { strictObject } from '../../../src/adapters/event-store/schemas/common-schemas.ts';
import { eventDefinitions } from '../../../src/adapters/event-store/schemas/event-definitions.ts';
import { everyEvent } from '../../support/events/projected-event-fixtures.ts';

type Renamed = Readonly<{ data: Readonly<{ first: string; last: string; by: string }> }>;

/** Version 1 has one name, version 2 has two, version 3 adds the author. */
const first: Required<EventVersion> = {
  schema: strictObject({ name: Type.String() }),
  personal: { name: '[erased]' },
  upcast: ({ name }) => {
    const [given, family = ''] = String(name).split(' ');
    return { first: given, last: family };
  },
};
const second: Required<EventVersion> = {
  schema: strictObject({ first: Type.String(), last: Type.String() }),
  personal: { first: '[erased]', last: '[erased]' },
  upcast: (data) => ({ ...data, by: 'unknown' }),
};
const madeUp: EventDefinitions = {
  Renamed: defineEvent<Renamed>()(
    'user',
    strictObject({ first: Type.String(), last: Type.String({ minLength: 1 }), by: Type.String() }),
    { first: '[erased]', last: '[erased]' },
    [first, second],
  ),
  Settled: defineEvent<{ data: { at: string } }>()(
    'household',
    strictObject({ at: Type.String() }),
  ),
};
const registry = createEventRegistry(madeUp);

const refusal = (work: () => unknown): string => {
  try {
    work();
  } catch (error) {
    expect(error).toBeInstanceOf(EventSchemaError);
    return String(error);
  }
  throw new Error('it was not refused');
};

describe('an event type with three versions', () => {
  it('stores new events under the latest', () => {
    expect(registry.types).toStrictEqual(['Renamed', 'Settled']);
    expect(registry.currentVersion('Renamed')).toBe(3);
    expect(registry.currentVersion('Settled')).toBe(1);
  });

  it.each([
    [1, { name: 'Ann Smith' }, { first: 'Ann', last: 'Smith', by: 'unknown' }],
    [2, { first: 'Ann', last: 'Smith' }, { first: 'Ann', last: 'Smith', by: 'unknown' }],
    [3, { first: 'Ann', last: 'Smith', by: 'Ben' }, { first: 'Ann', last: 'Smith', by: 'Ben' }],
  ])('upcasts version %i to the latest', (version, data, latest) => {
    expect(registry.upcast('Renamed', version, data)).toStrictEqual(latest);
  });

  it('knows the personal fields of each version', () => {
    const personal = (version: number) => Object.keys(registry.personalFields('Renamed', version));
    expect([1, 2, 3].map(personal)).toStrictEqual([['name'], ['first', 'last'], ['first', 'last']]);
  });

  it('refuses upcast data that does not match the latest version', () => {
    expect(refusal(() => registry.upcast('Renamed', 1, { name: 'Ann' }))).toMatch(/\/last/);
  });

  it.each([0, 4, -1, 1.5])('refuses the unknown version %d', (version) => {
    const latest = { first: 'Ann', last: 'Smith', by: 'Ben' };
    const attempts = [
      () => registry.personalFields('Renamed', version),
      () => registry.upcast('Renamed', version, latest),
    ];
    for (const attempt of attempts) expect(refusal(attempt)).toMatch(`unknown version ${version}`);
  });
});

describe('an event that does not match its definition', () => {
  it.each(['Unheard', 'toString', '__proto__', 'constructor'])('is refused: %s', (type) => {
    expect(refusal(() => registry.requireValid('user', type, {}))).toMatch('unknown event type');
    expect(refusal(() => registry.upcast(type, 1, {}))).toMatch('unknown event type');
    expect(refusal(() => registry.currentVersion(type))).toMatch('unknown event type');
    expect(refusal(() => registry.personalFields(type, 1))).toMatch('unknown event type');
  });

  it('is refused in a stream of another category', () => {
    expect(refusal(() => registry.requireValid('user', 'Settled', { at: 'noon' }))).toMatch(
      'does not belong to a user stream',
    );
  });

  it('is refused with a message that quotes no values', () => {
    const data = { first: 'Secret', last: 42, by: 'Secret' };
    const message = refusal(() => registry.requireValid('user', 'Renamed', data));
    expect(message).toMatch(/Renamed: \/last/);
    expect(message).not.toMatch(/Secret|42/);
  });
});

type Data = Readonly<Record<string, unknown>>;

/** Copies of `data`, each with an additional member in one of its objects. */
const withOneMemberMore = (data: Data): readonly Data[] => [
  { ...data, surplus: 'x' },
  ...Object.entries(data).flatMap(([key, value]) => {
    if (Array.isArray(value)) {
      return value.flatMap((item, i) =>
        withOneMemberMore(item).map((more) => ({ ...data, [key]: value.with(i, more) })),
      );
    }
    return typeof value === 'object' && value !== null
      ? withOneMemberMore(value as Data).map((more) => ({ ...data, [key]: more }))
      : [];
  }),
];

describe('the event types of Latchkey', () => {
  const real = createEventRegistry(eventDefinitions);
  const events = everyEvent.map(({ stream, event }) => ({
    category: stream.category,
    type: event.type,
    data: event.data as Data,
  }));

  it('are all covered by examples', () => {
    expect([...new Set(events.map(({ type }) => type))].sort()).toStrictEqual(
      [...real.types].sort(),
    );
  });

  it.each(events)(
    'accept an example of $type and return it unchanged',
    ({ category, type, data }) => {
      real.requireValid(category, type, data);
      expect(real.upcast(type, real.currentVersion(type), data)).toStrictEqual(data);
    },
  );

  it.each(events)('refuse an additional member anywhere in $type', ({ category, type, data }) => {
    for (const more of withOneMemberMore(data)) {
      refusal(() => real.requireValid(category, type, more));
      refusal(() => real.upcast(type, real.currentVersion(type), more));
    }
  });

  it.each(events)('refuse a missing member in $type', ({ category, type, data }) => {
    for (const missing of Object.keys(data)) {
      const { [missing]: _, ...less } = data;
      refusal(() => real.requireValid(category, type, less));
      refusal(() => real.requireValid(category, type, { ...less, [missing]: undefined }));
    }
  });
});
