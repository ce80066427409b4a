import { describe, expect, it } from 'vitest';
import { mayRollBack } from '../../../src/application/adopting/rollback-report.ts';

const nothing = { events: {}, users: 0, rows: {} };
const history = { ...nothing, events: { TokenFamilyStarted: 1 } };
const people = { ...nothing, users: 1 };
const data = { ...nothing, rows: { tasks: 2 } };

describe('a rollback', () => {
  it.each([
    ['nothing', nothing, false, false, true],
    ['events', history, false, true, false],
    ['events that may go', history, true, false, true],
    ['people', people, false, true, false],
    ['people who may go', people, true, false, true],
    ['rows', data, true, false, false],
    ['rows that may go', data, false, true, true],
    ['both, one allowed', { ...history, ...{ rows: data.rows } }, true, false, false],
    ['both, both allowed', { ...history, ...{ rows: data.rows } }, true, true, true],
  ] as const)('that loses %s', (_, losses, events, changes, allowed) => {
    expect(mayRollBack(losses, { events, changes })).toBe(allowed);
  });
});
