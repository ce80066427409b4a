import { describe, expect, it } from 'vitest';
import { ApplicationError } from '../../../src/application/errors.ts';
import type { Position, RecordedEvent } from '../../../src/application/ports/event-store.ts';
import { createReplayTheft } from '../../../src/application/use-cases/replay-theft.ts';
import type { TokenFamilyEvent } from '../../../src/domain/token-family/token-family-events.ts';
import { familyStream as stream, theft } from '../../support/projected-event-fixtures.ts';
import { createScriptedEventStore } from '../../support/scripted-event-store.ts';
import {
  at,
  laptopElsewhere,
  replayed,
  revoked,
  rotated,
  START,
  span,
  started,
  switched,
} from '../../support/token-family-fixtures.ts';

const record = (...events: TokenFamilyEvent[]): RecordedEvent[] =>
  events.map((event, index) => ({
    eventId: `event-${index}`,
    stream,
    revision: BigInt(index),
    position: String(index) as Position,
    event,
    metadata: {
      occurredAt: at(index),
      correlationId: `request-${index}`,
      causationId: `request-${index}`,
      actor: event.type.startsWith('TokenTheft') ? 'system' : 'user_ann',
      chain: 'c'.repeat(64),
    },
  }));

const replay = (events: readonly RecordedEvent[], firstBroken?: bigint) => {
  const { store } = createScriptedEventStore({
    records: { [`tokenFamily-${stream.id}`]: events },
    ...(firstBroken !== undefined && { firstBroken }),
  });
  return createReplayTheft({ eventStore: store })(stream.id);
};

const common = (index: number, type: TokenFamilyEvent['type'], actor = 'user_ann') => ({
  revision: String(index),
  at: at(index),
  type,
  actor,
  correlationId: `request-${index}`,
});
const onLaptop = { ip: '192.0.2.1', userAgent: 'Laptop/1.0' };

describe('when a token of a family was stolen', () => {
  it('tells the story from the sign-in to the end, with both parties', async () => {
    const story = await replay(
      record(
        started,
        rotated(1, 60, { by: laptopElsewhere }),
        replayed(1, 61),
        theft,
        revoked('theft', 65, [span(0, 2, 61)]),
      ),
    );
    expect(story).toStrictEqual({
      familyId: stream.id,
      userId: 'user_ann',
      startedAt: START,
      theft: {
        at: at(65),
        cause: 'other_client',
        presentedGeneration: 0,
        currentGeneration: 1,
        ageSeconds: 5,
        presenter: { ip: '203.0.113.9', userAgent: 'curl/8.0' },
        holder: onLaptop,
      },
      revocation: { at: at(65), reason: 'theft' },
      chain: { intact: true, firstBroken: null },
      timeline: [
        { ...common(0, 'TokenFamilyStarted'), generation: 0, accessToken: 0, ...onLaptop },
        {
          ...common(1, 'RefreshTokenRotated'),
          generation: 1,
          accessToken: 1,
          ip: '198.51.100.7',
          userAgent: 'Laptop/1.0',
        },
        { ...common(2, 'RefreshTokenReplayed'), generation: 1, accessToken: 2, ...onLaptop },
        {
          ...common(3, 'TokenTheftDetected', 'system'),
          generation: 0,
          accessToken: null,
          ip: '203.0.113.9',
          userAgent: 'curl/8.0',
        },
        {
          ...common(4, 'TokenFamilyRevoked'),
          generation: null,
          accessToken: null,
          ip: null,
          userAgent: null,
        },
      ],
    });
  });

  it('keeps salts, hashes and other means to recognise a token to itself', async () => {
    const story = JSON.stringify(await replay(record(started, rotated(1, 60), theft)));
    const { salt, holder, refreshToken } = started.data;
    for (const secret of [salt, holder.agentHash, refreshToken.tokenHash]) {
      expect(story).not.toContain(secret);
    }
  });
});

describe('when nothing was stolen', () => {
  it('has neither theft nor end while the family lives', async () => {
    const story = await replay(record(started, rotated(1, 60)));
    expect([story.theft, story.revocation]).toStrictEqual([null, null]);
  });

  it('tells when the session went to another household, and by which access token it went on', async () => {
    const toFlat = switched('hh_flat', 60, { accessTokens: [span(0, 0, 0)], ordinal: 1 });
    const { timeline } = await replay(record(started, toFlat, switched('hh_home', 70)));
    const nobody = { generation: null, ip: null, userAgent: null };
    expect(timeline.slice(1)).toStrictEqual([
      { ...common(1, 'ActiveHouseholdSwitched'), ...nobody, accessToken: 1 },
      { ...common(2, 'ActiveHouseholdSwitched'), ...nobody, accessToken: null },
    ]);
  });

  it('has an end without a theft once it is signed out', async () => {
    const story = await replay(record(started, revoked('sign_out', 5, [])));
    expect(story.theft).toBeNull();
    expect(story.revocation).toStrictEqual({ at: at(5), reason: 'sign_out' });
  });
});

describe('when the stream was tampered with', () => {
  it.each([0n, 1n])('names the first event that does not follow: %s', async (revision) => {
    const story = await replay(record(started, rotated(1, 60)), revision);
    expect(story.chain).toStrictEqual({ intact: false, firstBroken: String(revision) });
  });
});

describe('when there is no such family', () => {
  it('refuses', async () =>
    await expect(replay([])).rejects.toStrictEqual(new ApplicationError('session_not_found')));
});
