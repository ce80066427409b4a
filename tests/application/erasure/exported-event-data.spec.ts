import { describe, expect, it } from 'vitest';
import { exportedEventData } from '../../../src/application/erasure/exported-event-data.ts';
import { readFixtures } from '../../support/event-log/stored-event-fixtures.ts';

const SECRETS = /(?:H|^h)ash$|salt|checksum/;

const namesIn = (value: unknown): readonly string[] =>
  typeof value !== 'object' || value === null
    ? []
    : Object.entries(value).flatMap(([name, member]) => [name, ...namesIn(member)]);

describe('the data of an event in an export', () => {
  it('contains no secret of any event ever stored', async () => {
    const events = await readFixtures();
    expect(events.size).toBeGreaterThan(30);
    for (const [, { decoded }] of events) {
      const names = namesIn(exportedEventData(decoded));
      expect(names.filter((name) => SECRETS.test(name))).toStrictEqual([]);
      expect(names).not.toContain('token');
      expect(names).not.toContain('refreshToken');
    }
  });

  it('contains the other members as they are, at any depth', () => {
    const data = {
      email: 'ann@example.com',
      token: 'x',
      by: [{ ip: '192.0.2.1', agentHash: 'x' }],
    };
    expect(exportedEventData(data)).toStrictEqual({
      email: 'ann@example.com',
      by: [{ ip: '192.0.2.1' }],
    });
  });
});
