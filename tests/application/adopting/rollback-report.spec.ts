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
    ['events, allowed', history, true, false, true],
    ['users', people, false, true, false],
    ['users, allowed', people, true, false, true],
    ['rows', data, true, false, false],
    ['rows, allowed', data, false, true, true],
    ['both, one allowed', { ...history, ...{ rows: data.rows } }, true, false, false],
    ['both, both allowed', { ...history, ...{ rows: data.rows } }, true, true, true],
  ] as const)(
    'is allowed or refused by --discard: a loss of %s',
    (_, losses, events, changes, allowed) => {
      expect(mayRollBack(losses, { events, changes })).toBe(allowed);
    },
  );
});
