import { describe, expect, it } from 'vitest';
import {
  type AsOf,
  NOW,
  parseAsOf,
} from '../../../../src/application/auditing/history/as-of-moment.ts';
import type { Position } from '../../../../src/application/kernel/event-store.ts';
import { openPastLog, positionOf, toAnn } from '../../../support/event-log/past-log.ts';
import { at } from '../../../support/events/token-family-fixtures.ts';
import { registered } from '../../../support/events/user-fixtures.ts';

describe('a text that names a moment', () => {
  it.each([
    ['2026-03-01T12:00:00Z', '2026-03-01T12:00:00.000Z'],
    ['2026-03-01T12:00:00.5+02:00', '2026-03-01T10:00:00.500Z'],
    ['2024-02-29T23:59:59-11:30', '2024-03-01T11:29:59.000Z'],
  ])('is a time: %s', (text, time) => {
    expect(parseAsOf(text)).toStrictEqual({ kind: 'time', time });
  });

  it('is a position', () => {
    const position = '00000000000000000782-00000000000000000005';
    expect(parseAsOf(position)).toStrictEqual({ kind: 'position', position });
  });

  it.each([
    '',
    'yesterday',
    '2026-03-01',
    '2026-03-01T12:00:00',
    '2026-02-29T12:00:00Z',
    '2026-04-31T12:00:00Z',
    '2026-13-01T12:00:00Z',
    '2026-03-01T24:00:00Z',
    '0999-03-01T12:00:00Z',
    '782-5',
    '00000000000000000782-0000000000000000000x',
    ' 2026-03-01T12:00:00Z',
    '2026-03-01T12:00:00Z\n',
  ])('is neither a time nor a position: "%s"', (text) => {
    expect(parseAsOf(text)).toBeUndefined();
  });
});

const renamed = (displayName: string, seconds: number) =>
  toAnn({ type: 'DisplayNameChanged', data: { displayName, changedAt: at(seconds) } }, seconds);

const past = openPastLog([toAnn(registered, 0), renamed('B', 10), renamed('C', 20)], 100);
const nameAt = async (asOf: AsOf) => {
  const {
    displayName,
    asOf: when,
    eventCount,
  } = await past.readUserAsOf({
    userId: 'user_ann',
    asOf,
    limit: 10,
  });
  return [displayName, when, eventCount];
};
const time = (seconds: number): AsOf => ({ kind: 'time', time: at(seconds) });
const position = (place: number): AsOf => ({ kind: 'position', position: positionOf(place) });

describe('an event at a moment', () => {
  it('counts from its time on if the moment is a time', async () => {
    expect(await nameAt(time(9.999))).toStrictEqual(['Ann', at(9.999), 1]);
    expect(await nameAt(time(10))).toStrictEqual(['B', at(10), 2]);
    expect(await nameAt(time(20))).toStrictEqual(['C', at(20), 3]);
  });

  it('counts from its position on if the moment is a position, whose time is that of the event', async () => {
    expect(await nameAt(position(1))).toStrictEqual(['Ann', at(0), 1]);
    expect(await nameAt(position(2))).toStrictEqual(['B', at(10), 2]);
    expect(await nameAt(position(77))).toStrictEqual(['C', at(20), 3]);
  });

  it('counts if the moment is now', async () => {
    expect(await nameAt(NOW)).toStrictEqual(['C', at(100), 3]);
  });
});

describe('a moment outside of the log', () => {
  it('is now if it is in the future', async () => {
    expect(await nameAt(time(1_000))).toStrictEqual(['C', at(100), 3]);
  });

  it('may be the largest position that can be written', async () => {
    const largest = `${'9'.repeat(20)}-${'9'.repeat(20)}` as Position;
    expect(await nameAt({ kind: 'position', position: largest })).toStrictEqual(['C', at(20), 3]);
  });

  it.each([time(-1), position(0)])(
    'finds no user if it is before the first event',
    async (asOf) => {
      await expect(nameAt(asOf)).rejects.toMatchObject({ code: 'user_not_found' });
    },
  );
});

describe('the timeline of a long stream', () => {
  it('has the latest events, and the number of all', async () => {
    const ask = { userId: 'user_ann', asOf: NOW };
    const { events, eventCount } = await past.readUserAsOf({ ...ask, limit: 2 });
    expect(eventCount).toBe(3);
    expect(events.map(({ eventId, data }) => [eventId, data])).toStrictEqual([
      ['event-2', { changedAt: at(10) }],
      ['event-3', { changedAt: at(20) }],
    ]);
    expect((await past.readUserAsOf({ ...ask, limit: 0 })).events).toStrictEqual([]);
  });
});
