import { describe, expect, it } from 'vitest';
import { type AsOf, NOW } from '../../../../src/application/auditing/history/as-of-moment.ts';
import {
  FAMILY,
  openPastLog,
  type PastEvent,
  toAnn,
  toFamily,
  toFlat,
} from '../../../support/event-log/past-log.ts';
import { flatCreated, memberRemoved } from '../../../support/events/household-event-fixtures.ts';
import {
  accessTokenRevoked,
  at,
  IDLE_SECONDS,
  revoked,
  rotated,
  span,
  started,
  stranger,
  switched,
  theftDetected,
} from '../../../support/events/token-family-fixtures.ts';
import { registered } from '../../../support/events/user-fixtures.ts';

const theft = theftDetected(
  { cause: 'older_generation', presented: 0, current: 2, ageSeconds: 5, presenter: stranger },
  65,
);
const stolen: readonly PastEvent[] = [
  toFamily(started, 0),
  toFamily(rotated(1, 30), 30),
  toFamily(rotated(2, 60), 60),
  toFamily(theft, 65),
  toFamily(revoked('theft', 65, [span(0, 2, 60)]), 65),
];
const changed = {
  type: 'PasswordChanged',
  data: { passwordHash: 'another', reason: 'change', changedAt: at(70) },
};
const passwordChanged: readonly PastEvent[] = [
  toAnn(registered, 0),
  toFamily(started, 0),
  toAnn({ ...changed, data: { ...changed.data, changedAt: at(5) } }, 5, 'earlier'),
  toAnn(changed, 70, 'that one'),
  toFamily(revoked('password_changed', 70, [span(0, 0, 0)]), 70, 'that one'),
];
const lost: readonly PastEvent[] = [
  toFlat(flatCreated, 0),
  toFamily(started, 0),
  toFamily(switched('hh_flat', 10, { accessTokens: [span(0, 0, 0)], ordinal: 1 }), 10),
  toFlat(memberRemoved, 20, { request: 'removal', actor: 'user_ben' }),
  toFamily(
    switched('hh_home', 20, {
      previous: 'hh_flat',
      cause: 'membership_lost',
      accessTokens: [span(1, 1, 10)],
    }),
    20,
    'removal',
  ),
];

const reduce = <Explained extends { code: unknown; verdict: string; reasons: readonly object[] }>({
  code,
  verdict,
  reasons,
}: Explained) => ({
  code,
  verdict,
  reasons: reasons.map((reason) => (reason as { eventId: string }).eventId),
});

const family = async (happened: readonly PastEvent[], now: number, asOf: AsOf = NOW) =>
  reduce(await openPastLog(happened, now).explainFamily({ familyId: FAMILY, asOf }));
const token = async (happened: readonly PastEvent[], ordinal: number, now: number) =>
  reduce(
    await openPastLog(happened, now).explainAccessToken({ jti: `${FAMILY}.${ordinal}`, asOf: NOW }),
  );

describe('the explanation of a refused refresh token', () => {
  it('names the theft', async () => {
    expect(await family(stolen, 100)).toStrictEqual({
      code: 'refresh_token_invalid',
      verdict: `Every token of the session is refused since ${at(65)}: a superseded refresh token was presented, which means that two clients had it (theft).`,
      reasons: ['event-1', 'event-3', 'event-4', 'event-5'],
    });
  });

  it('is that the token was accepted before the theft', async () => {
    expect(await family(stolen, 100, { kind: 'time', time: at(64) })).toStrictEqual({
      code: null,
      verdict: `The session is valid: its refresh token of generation 2 is accepted until ${at(60 + IDLE_SECONDS)}; presenting an older one is refused and ends the session.`,
      reasons: ['event-1', 'event-3'],
    });
  });

  it('includes the cause from another stream of the same request', async () => {
    expect(await family(passwordChanged, 100)).toStrictEqual({
      code: 'refresh_token_invalid',
      verdict: `Every token of the session is refused since ${at(70)}: the password was changed (password_changed).`,
      reasons: ['event-2', 'event-4', 'event-5'],
    });
  });

  it('names the last use of an expired session', async () => {
    const idle = [toFamily(started, 0), toFamily(rotated(1, 30), 30)];
    expect(await family(idle, 30 + IDLE_SECONDS)).toStrictEqual({
      code: 'refresh_token_invalid',
      verdict: `Every refresh token of the session is refused: it expired at ${at(30 + IDLE_SECONDS)}, as it was not used after ${at(30)}.`,
      reasons: ['event-1', 'event-2'],
    });
    expect((await family(idle, 29 + IDLE_SECONDS)).code).toBeNull();
  });

  it('fails for an unknown session', async () => {
    await expect(family([], 10)).rejects.toMatchObject({ code: 'session_not_found' });
  });
});

describe('the explanation of a refused access token', () => {
  it('says that it expired', async () => {
    expect(await token([toFamily(started, 0)], 0, 600)).toStrictEqual({
      code: 'access_token_invalid',
      verdict: `The access token is refused: it expired at ${at(600)}.`,
      reasons: ['event-1'],
    });
    expect((await token([toFamily(started, 0)], 0, 599)).code).toBeNull();
  });

  it('says that it alone was revoked, and that others are accepted', async () => {
    const one = [
      toFamily(started, 0),
      toFamily(rotated(1, 30), 30),
      toFamily(accessTokenRevoked(0, 0, 40), 40),
    ];
    expect(await token(one, 0, 50)).toStrictEqual({
      code: 'access_token_invalid',
      verdict: `The access token is refused since ${at(40)}: it was revoked alone, and the session continued.`,
      reasons: ['event-1', 'event-3'],
    });
    expect((await token(one, 1, 50)).code).toBeNull();
  });

  it('names the theft that ended its session', async () => {
    expect(await token(stolen, 1, 100)).toMatchObject({
      code: 'access_token_invalid',
      reasons: ['event-2', 'event-4', 'event-5'],
    });
  });

  it('names a switch of household, and a lost membership', async () => {
    expect(await token(lost, 0, 30)).toStrictEqual({
      code: 'access_token_invalid',
      verdict: `The access token is refused since ${at(10)}: the session was switched to hh_flat.`,
      reasons: ['event-2', 'event-3'],
    });
    expect(await token(lost, 1, 30)).toStrictEqual({
      code: 'access_token_invalid',
      verdict: `The access token is refused since ${at(20)}: its user lost the membership of hh_flat, and the session continued in hh_home.`,
      reasons: ['event-3', 'event-4', 'event-5'],
    });
  });

  it.each([7, 1_000_000])('fails for a token that was never minted: %i', async (ordinal) => {
    await expect(token(stolen, ordinal, 100)).rejects.toMatchObject({
      code: 'access_token_not_found',
    });
  });
});
