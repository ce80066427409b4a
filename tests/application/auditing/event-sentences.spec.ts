import { describe, expect, it } from 'vitest';
import {
  describeEvent,
  summariseEvent,
} from '../../../src/application/auditing/event-sentences.ts';
import type { AnyEvent } from '../../../src/application/auditing/shown-event-data.ts';
import { everyEvent } from '../../support/events/projected-event-fixtures.ts';
import { revoked, stranger, theftDetected } from '../../support/events/token-family-fixtures.ts';

const events = everyEvent.map(({ stream, event }) => ({
  id: stream.id,
  event: event as AnyEvent,
}));

describe('the words of an event', () => {
  it.each(events)('are a sentence that names its subject: $event.type', ({ id, event }) => {
    const sentence = describeEvent(event, id);
    expect(sentence).toMatch(/^\S.*[^.]\.$/);
    expect(sentence).toContain(id);
    expect(sentence).not.toMatch(/@|undefined|null|\[object/);
  });

  it.each(events)('are a summary without personal data: $event.type', ({ id, event }) => {
    expect(summariseEvent(event, id)).not.toMatch(/^$|\.$|@|undefined|null|\[object/);
  });

  it('name why a session ended, and why a token counted as stolen', () => {
    const theft = {
      cause: 'older_generation',
      presented: 0,
      current: 2,
      ageSeconds: 5,
      presenter: stranger,
    } as const;
    expect([
      summariseEvent(theftDetected(theft, 65), 'family'),
      summariseEvent(revoked('password_changed', 65, []), 'family'),
    ]).toStrictEqual([
      'THEFT: generation 0 presented, generation 2 was live (the token was two or more rotations old)',
      'family revoked (password changed)',
    ]);
  });
});
