import { describe, expect, it } from 'vitest';
import { at, START } from '../../support/events/token-family-fixtures.ts';
import {
  ann,
  contextFrom,
  createSessionServices,
} from '../../support/sessions/session-services.ts';

const input = { principal: ann, deviceName: 'Phone', now: START };

describe('preparing a session', () => {
  it('decides TokenFamilyStarted for a new stream, on behalf of the user', () => {
    const { append } = createSessionServices().prepareSession(input, contextFrom());
    expect(append).toMatchObject({
      stream: { category: 'tokenFamily', id: 'family-1' },
      expected: { revision: 'none' },
    });
    expect(append.events).toStrictEqual([
      {
        eventId: 'event-1',
        event: {
          type: 'TokenFamilyStarted',
          data: {
            userId: 'user_ann',
            householdId: 'hh_home',
            deviceName: 'Phone',
            holder: { ip: '192.0.2.1', userAgent: 'Laptop/1.0', agentHash: 'salt-1/Laptop/1.0' },
            salt: 'salt-1',
            refreshToken: { tokenHash: 'hash of lkr family-1 0 salt-1 7', keyId: 7 },
            accessToken: { ordinal: 0, expiresAt: at(600) },
            expiresAt: at(86_400),
            absoluteExpiresAt: at(7 * 86_400),
            startedAt: START,
          },
        },
        metadata: {
          occurredAt: START,
          correlationId: 'request-1',
          causationId: 'request-1',
          actor: 'user_ann',
        },
      },
    ]);
  });

  it('stores nothing until its append is stored', async () => {
    const { prepareSession, commands, eventsOf } = createSessionServices();
    const { familyId, append } = prepareSession(input, contextFrom());
    expect(await eventsOf(familyId)).toStrictEqual([]);
    await commands.append([append]);
    expect((await eventsOf(familyId)).map(({ type }) => type)).toStrictEqual([
      'TokenFamilyStarted',
    ]);
  });

  it('answers the live family that the token pair is issued for', async () => {
    const { prepareSession, issueTokenPair } = createSessionServices();
    const { familyId, family } = prepareSession(input, contextFrom());
    expect(family).toMatchObject({ status: 'live', userId: 'user_ann', generation: 0, minted: 1 });
    expect(await issueTokenPair(familyId, family, ann, START)).toMatchObject({
      sessionId: 'family-1',
      accessTokenId: 'family-1.0',
      refreshToken: 'lkr family-1 0 salt-1 7',
    });
  });

  it('gives each session an id and a salt of its own', () => {
    const { prepareSession } = createSessionServices();
    const [first, second] = [
      prepareSession(input, contextFrom()),
      prepareSession(input, contextFrom()),
    ];
    expect([first.familyId, second.familyId]).toStrictEqual(['family-1', 'family-2']);
    expect([first.family.salt, second.family.salt]).toStrictEqual(['salt-1', 'salt-2']);
  });
});
