import { fc, it as property } from '@fast-check/vitest';
import { describe, expect } from 'vitest';
import type { FamilyEvent } from '../../../../src/application/auditing/theft/theft-decisions.ts';
import { reproduce } from '../../../../src/application/auditing/theft/theft-verdict.ts';
import { askWhatIf } from '../../../../src/application/auditing/theft/theft-what-if.ts';
import { ERASED, type Position } from '../../../../src/application/kernel/event-store.ts';
import type { ReplayPolicy } from '../../../../src/domain/token-family/replay-policy.ts';
import type {
  TokenFamilyEvent,
  TokenHolder,
  TokenTheftDetected,
} from '../../../../src/domain/token-family/token-family-events.ts';
import { familyStream } from '../../../support/events/projected-event-fixtures.ts';
import { lenient } from '../../../support/events/token-family-fixtures.ts';
import type { Rules, Step } from '../../../support/sessions/refresh-protocol-model.ts';
import {
  anyRules,
  anySteps,
  foundingEvents,
  play,
} from '../../../support/sessions/refresh-protocol-run.ts';

const record = (events: readonly TokenFamilyEvent[]): readonly FamilyEvent[] =>
  events.map((event, index) => ({
    eventId: `event-${index}`,
    stream: familyStream,
    revision: BigInt(index),
    position: String(index) as Position,
    event,
    metadata: {
      occurredAt: '2026-03-01T12:00:00.000Z',
      correlationId: 'request',
      causationId: 'request',
      actor: 'user_ann',
      chain: '',
    },
  }));

const historyOf = (rules: Rules, steps: readonly Step[]): readonly TokenFamilyEvent[] => [
  ...foundingEvents(rules),
  ...play(rules, steps).flatMap(({ events }) => events),
];

const tombstone: TokenHolder = { ip: ERASED, userAgent: ERASED, agentHash: ERASED };

/** The event as it reads once its user is erased. */
const erase = (event: TokenFamilyEvent): TokenFamilyEvent => {
  const { type, data } = event;
  switch (type) {
    case 'TokenFamilyStarted':
      return { type, data: { ...data, deviceName: ERASED, holder: tombstone } };
    case 'RefreshTokenRotated':
      return { type, data: { ...data, holder: tombstone } };
    case 'RefreshTokenReplayed':
      return { type, data: { ...data, holder: tombstone } };
    case 'TokenTheftDetected':
      return { type, data: { ...data, holder: tombstone, presenter: tombstone } };
    case 'ActiveHouseholdSwitched':
    case 'AccessTokenRevoked':
    case 'TokenFamilyRevoked':
      return event;
  }
};

const overJson = (events: readonly TokenFamilyEvent[]): readonly TokenFamilyEvent[] =>
  JSON.parse(JSON.stringify(events));

const overrides: fc.Arbitrary<Partial<ReplayPolicy>> = fc.constantFrom<Partial<ReplayPolicy>[]>(
  {},
  { graceSeconds: 0 },
  { graceSeconds: 60 },
  { lostResponse: 'recover' },
  { maxReplays: 0 },
);

/** Another policy than the recorded one, which must not matter where one is recorded. */
const today = lenient;

describe('any history of a family', () => {
  property.prop([anyRules, anySteps], { numRuns: 400 })(
    'reproduces every verdict bit by bit from the log, also over JSON',
    (rules, steps) => {
      const events = historyOf(rules, steps);
      const expected = { verdict: 'proven', firstDeviation: null, policy: 'recorded' };
      for (const log of [events, overJson(events)]) {
        expect(reproduce(record(log), today)).toMatchObject({ ...expected, clients: 'compared' });
      }
    },
  );

  property.prop([anyRules, anySteps], { numRuns: 400 })(
    'reproduces every verdict after its user is erased',
    (rules, steps) => {
      const events = overJson(historyOf(rules, steps)).map(erase);
      expect(reproduce(record(events), today)).toMatchObject({
        verdict: 'proven',
        firstDeviation: null,
        clients: 'as_recorded',
      });
    },
  );

  property.prop([anyRules, anySteps, overrides], { numRuns: 400 })(
    'diverges under another policy at the same request, whether its user is erased or not',
    (rules, steps, changed) => {
      const events = historyOf(rules, steps);
      const answer = askWhatIf(record(events), changed, today);
      expect(askWhatIf(record(events.map(erase)), changed, today)).toStrictEqual(answer);
      if (Object.keys(changed).length === 0) expect(answer.divergence).toBeNull();
    },
  );
});

type Theft = TokenTheftDetected['data'];

/** Forgeries that turn a decision into another one. */
const forgeries: readonly ((data: Theft) => Theft)[] = [
  (data) => ({ ...data, currentGeneration: data.currentGeneration + 1 }),
  (data) => ({ ...data, ageSeconds: data.ageSeconds + 1 }),
  (data) => ({ ...data, holder: { ...data.holder, ip: '198.51.100.99' } }),
  (data) => ({ ...data, userId: 'user_somebody_else' }),
  (data) => ({ ...data, cause: data.cause === 'after_grace' ? 'other_client' : 'after_grace' }),
];

describe('a forged verdict', () => {
  property.prop([anyRules, anySteps, fc.constantFrom(...forgeries)], { numRuns: 400 })(
    'is found and named',
    (rules, steps, forge) => {
      const events = historyOf(rules, steps);
      const index = events.findIndex(({ type }) => type === 'TokenTheftDetected');
      fc.pre(index !== -1);
      const forged = events.map((event) =>
        event.type === 'TokenTheftDetected' ? { ...event, data: forge(event.data) } : event,
      );
      expect(reproduce(record(forged), today)).toMatchObject({
        verdict: 'not_reproducible',
        firstDeviation: { revision: String(index) },
      });
    },
  );
});
