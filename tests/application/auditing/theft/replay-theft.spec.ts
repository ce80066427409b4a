import { describe, expect, it } from 'vitest';
import { createReplayTheft } from '../../../../src/application/auditing/theft/replay-theft.ts';
import { ApplicationError } from '../../../../src/application/kernel/errors.ts';
import type { Position, RecordedEvent } from '../../../../src/application/kernel/event-store.ts';
import type { TokenFamilyEvent } from '../../../../src/domain/token-family/token-family-events.ts';
import { familyStream as stream } from '../../../support/events/projected-event-fixtures.ts';
import {
  at,
  laptopElsewhere,
  replayed,
  revoked,
  rotated,
  START,
  span,
  started,
  stranger,
  strict,
  switched,
  theftDetected,
} from '../../../support/events/token-family-fixtures.ts';
import { createScriptedEventStore } from '../../../support/kernel/scripted-event-store.ts';

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
  const findBlastRadius = async () => [];
  return createReplayTheft({ eventStore: store, findBlastRadius, policy: strict })(stream.id);
};

const common = (index: number, type: TokenFamilyEvent['type'], actor = 'user_ann') => ({
  revision: String(index),
  at: at(index),
  type,
  actor,
  correlationId: `request-${index}`,
});
const onLaptop = { ip: '192.0.2.1', userAgent: 'Laptop/1.0' };
const laptopElsewhereSeen = { ip: '198.51.100.7', userAgent: 'Laptop/1.0' };
const onCurl = { ip: '203.0.113.9', userAgent: 'curl/8.0' };
const stolen = record(
  started,
  rotated(1, 60, { by: laptopElsewhere }),
  replayed(1, 61),
  theftDetected(
    {
      cause: 'other_client',
      presented: 0,
      current: 1,
      ageSeconds: 5,
      presenter: stranger,
      holder: laptopElsewhere,
    },
    65,
  ),
  revoked('theft', 65, [span(0, 0, 0), span(1, 2, 61)]),
);

describe('the replay of a family with a theft', () => {
  it('has the history from the sign-in to the end, with both clients', async () => {
    const { timeline, generations, accessTokens, ...story } = await replay(stolen);
    expect(story).toStrictEqual({
      familyId: stream.id,
      userId: 'user_ann',
      startedAt: START,
      theft: {
        revision: '3',
        at: at(65),
        cause: 'other_client',
        presentedGeneration: 0,
        currentGeneration: 1,
        ageSeconds: 5,
        presentedAgeSeconds: 65,
        supersededSeconds: 5,
        presenter: { ...onCurl, client: 2 },
        holder: { ...laptopElsewhereSeen, client: 1 },
        policy: strict,
      },
      revocation: { at: at(65), reason: 'theft' },
      reproduction: {
        verdict: 'proven',
        decisions: 4,
        firstDeviation: null,
        policy: 'recorded',
        clients: 'compared',
      },
      chain: { intact: true, firstBroken: null },
      split: {
        revision: '1',
        at: at(60),
        generation: 1,
        holder: { ...laptopElsewhereSeen, client: 1 },
      },
      blastRadius: { known: true, events: [] },
      whatIf: null,
    });
    expect(timeline).toStrictEqual([
      { ...common(0, 'TokenFamilyStarted'), generation: 0, accessToken: 0, ...onLaptop },
      {
        ...common(1, 'RefreshTokenRotated'),
        generation: 1,
        accessToken: 1,
        ...laptopElsewhereSeen,
      },
      { ...common(2, 'RefreshTokenReplayed'), generation: 1, accessToken: 2, ...onLaptop },
      {
        ...common(3, 'TokenTheftDetected', 'system'),
        generation: 0,
        accessToken: null,
        ...onCurl,
      },
      {
        ...common(4, 'TokenFamilyRevoked'),
        generation: null,
        accessToken: null,
        ip: null,
        userAgent: null,
      },
    ]);
  });

  it('lists the holder of each token, and the client that presented it again', async () => {
    const { generations } = await replay(stolen);
    const laptopAgain = { ...onLaptop, client: 1 };
    expect(generations).toStrictEqual([
      {
        generation: 0,
        issuedAt: START,
        holder: laptopAgain,
        supersededAt: at(60),
        presentedAgain: [
          { at: at(61), by: laptopAgain, outcome: 'replay', cause: null },
          {
            at: at(65),
            by: { ...onCurl, client: 2 },
            outcome: 'theft',
            cause: 'other_client',
          },
        ],
      },
      {
        generation: 1,
        issuedAt: at(60),
        holder: { ...laptopElsewhereSeen, client: 1 },
        supersededAt: null,
        presentedAgain: [],
      },
    ]);
  });

  it('lists how long each access token was valid, and whether it was minted after the split', async () => {
    const { accessTokens } = await replay(stolen);
    const life = (ordinal: number, generation: number, minted: number, expires: number) => ({
      jti: `${stream.id}.${ordinal}`,
      ordinal,
      generation,
      mintedAt: at(minted),
      expiresAt: at(expires),
      endsAt: at(65),
      end: 'family_revoked',
      afterSplit: ordinal > 0,
    });
    // All events of this spec are recorded a second apart.
    expect(accessTokens).toStrictEqual([
      life(0, 0, 0, 600),
      life(1, 1, 1, 660),
      life(2, 1, 2, 661),
    ]);
  });

  it('contains no salts, no hashes and nothing else that recognises a token', async () => {
    const story = JSON.stringify(await replay(stolen));
    const { salt, holder, refreshToken } = started.data;
    for (const secret of [salt, holder.agentHash, refreshToken.tokenHash]) {
      expect(story).not.toContain(secret);
    }
  });
});

describe('the replay of a theft before policies and access tokens were recorded', () => {
  it('says what it assumes, and that affected events are unknown', async () => {
    const older = theftDetected(
      {
        cause: 'other_client',
        presented: 0,
        current: 1,
        ageSeconds: 5,
        presenter: stranger,
        policy: null,
      },
      65,
    );
    const past = [started, rotated(1, 60), older];
    const story = await replay(
      record(...past, revoked('theft', 65, [span(0, 0, 0), span(1, 1, 60)])),
    );
    expect(story.reproduction).toMatchObject({ verdict: 'proven', policy: 'assumed' });
    expect(story.blastRadius).toStrictEqual({ known: false, events: [] });
  });
});

describe('the replay of a family without a theft', () => {
  it('has neither a theft nor an end while the family is live', async () => {
    const story = await replay(record(started, rotated(1, 60)));
    expect([story.theft, story.revocation]).toStrictEqual([null, null]);
    expect([story.split, story.blastRadius]).toStrictEqual([null, null]);
  });

  it('shows a switch of household, and the access token that it minted', async () => {
    const toFlat = switched('hh_flat', 60, { accessTokens: [span(0, 0, 0)], ordinal: 1 });
    const { timeline } = await replay(record(started, toFlat, switched('hh_home', 70)));
    const noClient = { generation: null, ip: null, userAgent: null };
    expect(timeline.slice(1)).toStrictEqual([
      { ...common(1, 'ActiveHouseholdSwitched'), ...noClient, accessToken: 1 },
      { ...common(2, 'ActiveHouseholdSwitched'), ...noClient, accessToken: null },
    ]);
  });

  it('has an end without a theft after a sign-out', async () => {
    const story = await replay(record(started, revoked('sign_out', 5, [])));
    expect(story.theft).toBeNull();
    expect(story.revocation).toStrictEqual({ at: at(5), reason: 'sign_out' });
  });
});

describe('the replay of a stream with a broken chain', () => {
  it.each([0n, 1n])('names the first event that does not follow: %s', async (revision) => {
    const story = await replay(record(started, rotated(1, 60)), revision);
    expect(story.chain).toStrictEqual({ intact: false, firstBroken: String(revision) });
  });
});

describe('the replay of an unknown family', () => {
  it('is refused', async () =>
    await expect(replay([])).rejects.toStrictEqual(new ApplicationError('session_not_found')));
});
