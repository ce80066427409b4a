import { describe, expect, it } from 'vitest';
import type { AffectedEvent } from '../../../../src/application/auditing/affected-events/blast-radius.ts';
import type { EvidenceSigner } from '../../../../src/application/auditing/evidence/evidence-signer.ts';
import { createReplayTheft } from '../../../../src/application/auditing/theft/replay-theft.ts';
import type { TheftReplay } from '../../../../src/application/auditing/theft/theft-replay.ts';
import { createTheftReports } from '../../../../src/application/auditing/theft/theft-report.ts';
import type { Position } from '../../../../src/application/kernel/event-store.ts';
import { familyStream as stream } from '../../../support/events/projected-event-fixtures.ts';
import { at, started, strict } from '../../../support/events/token-family-fixtures.ts';
import { createScriptedEventStore } from '../../../support/kernel/scripted-event-store.ts';

const renamed: AffectedEvent = {
  eventId: 'event-9',
  stream: 'user-user_ann',
  revision: '4',
  type: 'DisplayNameChanged',
  at: at(70),
  jti: `${stream.id}.1`,
  follows: null,
  what: 'The display name of user_ann was changed.',
  undo: 'The earlier display name is restored.',
  byHand: null,
};

const replayWith = async (event: AffectedEvent): Promise<TheftReplay> => {
  const metadata = {
    occurredAt: at(0),
    correlationId: 'request-0',
    causationId: 'request-0',
    actor: 'user_ann',
    chain: 'c'.repeat(64),
  };
  const first = { eventId: 'event-0', stream, revision: 0n, position: '0' as Position };
  const { store } = createScriptedEventStore({
    records: { [`tokenFamily-${stream.id}`]: [{ ...first, event: started, metadata }] },
  });
  const dependencies = { eventStore: store, findBlastRadius: async () => [], policy: strict };
  const replay = await createReplayTheft(dependencies)(stream.id);
  return { ...replay, blastRadius: { known: true, events: [event] } };
};

/** Signs with nothing but JSON. */
const evidence: EvidenceSigner = {
  sign: async (_, payload) => JSON.stringify(payload),
  verify: async (_, jws) => ({
    verified: true,
    payload: { ...JSON.parse(jws), iat: 0, iss: 'https://auth.example.com' },
    kid: 'kid',
    knownSince: null,
    current: true,
  }),
  publicKey: () => Promise.reject(new TypeError('is not asked for a key')),
};

/** Compares a report that holds `signed` with a log that holds `logged`. */
const compare = async (signed: AffectedEvent, logged: AffectedEvent) => {
  const reports = createTheftReports({ evidence, replayTheft: () => replayWith(logged) });
  const jws = await reports.signTheftReport(await replayWith(signed));
  const check = await reports.checkTheftReport(jws);
  return check.verified ? check.log : undefined;
};

describe('a signed theft report compared with the log', () => {
  it('matches if another version worded its sentences differently', async () => {
    const earlier = {
      ...renamed,
      what: 'user_ann has another display name.',
      undo: 'The name is set back.',
      byHand: 'Ask them.',
    };
    expect(await compare(earlier, renamed)).toStrictEqual({ verdict: 'same', differs: [] });
  });

  it.each([
    { eventId: 'event-8' },
    { stream: 'user-user_ben' },
    { revision: '5' },
    { type: 'UsernameChanged' },
    { at: at(71) },
  ])('differs if the log has another affected event: %j', async (other) => {
    const log = await compare(renamed, { ...renamed, ...other });
    expect(log).toStrictEqual({ verdict: 'differs', differs: ['blastRadius'] });
  });
});
