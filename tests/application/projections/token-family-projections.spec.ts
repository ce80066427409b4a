import { describe, expect, it } from 'vitest';
import { refreshTokensProjection } from '../../../src/application/projections/refresh-tokens-projection.ts';
import {
  revokedAccessTokens,
  revokedTokensProjection,
} from '../../../src/application/projections/revoked-tokens-projection.ts';
import { sessionsProjection } from '../../../src/application/projections/sessions-projection.ts';
import type { TokenFamilyEvent } from '../../../src/domain/token-family/token-family-events.ts';
import { familyStream as stream, theft } from '../../support/events/projected-event-fixtures.ts';
import {
  accessTokenRevoked,
  at,
  IDLE_SECONDS,
  laptopElsewhere,
  replayed,
  revoked,
  rotated,
  START,
  span,
  started,
  switched,
} from '../../support/events/token-family-fixtures.ts';

const { id } = stream;
const toFlat = switched('hh_flat', 70, { accessTokens: [span(0, 1, 60)], ordinal: 2 });
const end = revoked('sign_out', 70, [span(0, 0, 0), span(2, 3, 60)]);

describe('the projected table of sessions', () => {
  const project = (event: TokenFamilyEvent) => sessionsProjection({ stream, event });
  const update = (set: object) => [{ table: 'sessions', op: 'update', where: { id }, set }];

  it('gets a row per sign-in', () =>
    expect(project(started)).toStrictEqual([
      {
        table: 'sessions',
        op: 'insert',
        where: { id },
        set: {
          user_id: 'user_ann',
          household_id: 'hh_home',
          device_name: 'Laptop',
          ip: '192.0.2.1',
          user_agent: 'Laptop/1.0',
          created_at: START,
          last_used_at: START,
          expires_at: at(IDLE_SECONDS),
          revoked_at: null,
          revoked_reason: null,
        },
      },
    ]));

  it('shows the client, time and expiry of the last refresh', () =>
    expect(project(rotated(1, 60, { by: laptopElsewhere }))).toStrictEqual(
      update({
        ip: '198.51.100.7',
        user_agent: 'Laptop/1.0',
        last_used_at: at(60),
        expires_at: at(60 + IDLE_SECONDS),
      }),
    ));

  it('shows a replay as use, which does not extend the session', () =>
    expect(project(replayed(1, 61))).toStrictEqual(
      update({ ip: '192.0.2.1', user_agent: 'Laptop/1.0', last_used_at: at(61) }),
    ));

  it('is not changed by the revocation of one access token', () =>
    expect(project(accessTokenRevoked(0, 0, 62))).toStrictEqual([]));

  it('shows the active household', () =>
    expect(project(toFlat)).toStrictEqual(update({ household_id: 'hh_flat' })));

  it('does not show the client of a thief', () => expect(project(theft)).toStrictEqual([]));

  it('shows the time and reason of the end', () =>
    expect(project(end)).toStrictEqual(update({ revoked_at: at(70), revoked_reason: 'sign_out' })));
});

describe('the projected table of refresh tokens', () => {
  const project = (event: TokenFamilyEvent) => refreshTokensProjection({ stream, event });
  const issued = (generation: number, seconds: number) => ({
    table: 'refresh_tokens',
    op: 'insert',
    where: { id: `${id}.${generation}` },
    set: {
      user_id: 'user_ann',
      household_id: 'hh_home',
      token_hash: generation.toString().padStart(64, '0'),
      token_family: id,
      generation,
      issued_at: at(seconds),
      expires_at: at(seconds + IDLE_SECONDS),
      rotated_at: null,
      revoked_at: null,
      revoked_reason: null,
    },
  });

  it('gets generation 0 with the sign-in', () =>
    expect(project(started)).toStrictEqual([issued(0, 0)]));

  it('marks one generation as rotated before it gets the next', () =>
    expect(project(rotated(3, 60))).toStrictEqual([
      {
        table: 'refresh_tokens',
        op: 'update',
        where: { id: `${id}.2` },
        set: { rotated_at: at(60) },
      },
      issued(3, 60),
    ]));

  it('gets no row for a replay, an access token alone, another household or a theft', () => {
    expect(project(toFlat)).toStrictEqual([]);
    expect(project(replayed(1, 61))).toStrictEqual([]);
    expect(project(accessTokenRevoked(0, 0, 62))).toStrictEqual([]);
    expect(project(theft)).toStrictEqual([]);
  });

  it('marks every generation of a revoked family', () =>
    expect(project(end)).toStrictEqual([
      {
        table: 'refresh_tokens',
        op: 'update',
        where: { token_family: id },
        set: { revoked_at: at(70), revoked_reason: 'sign_out' },
      },
    ]));
});

describe('the projected table of revoked access tokens', () => {
  const project = (event: TokenFamilyEvent) => revokedTokensProjection({ stream, event });
  const listed = (ordinal: number, expiresAt: string) => ({
    table: 'revoked_tokens',
    op: 'upsert',
    where: { jti: `${id}.${ordinal}` },
    set: { user_id: 'user_ann', revoked_at: at(70), expires_at: expiresAt },
  });

  it('gets a row for each token of each span, with its expiry', () =>
    expect(project(end)).toStrictEqual([
      listed(0, at(600)),
      listed(2, at(660)),
      listed(3, at(660)),
    ]));

  it('gets a row for a token revoked by itself', () =>
    expect(project(accessTokenRevoked(1, 60, 70))).toStrictEqual([listed(1, at(660))]));

  it('gets rows for the tokens of the previous household, but not for their replacement', () =>
    expect(project(toFlat)).toStrictEqual([listed(0, at(660)), listed(1, at(660))]));

  it('gets no row for a family without unexpired tokens', () =>
    expect(project(revoked('admin', 70, []))).toStrictEqual([]));

  it.each<TokenFamilyEvent>([started, rotated(1, 60), replayed(1, 61), theft])(
    'is not changed by $type',
    (event) => expect(project(event)).toStrictEqual([]),
  );

  it('contains the same jti as the token', () =>
    expect(revokedAccessTokens(id, revoked('theft', 70, [span(7, 8, 60)]))).toStrictEqual([
      { jti: `${id}.7`, userId: 'user_ann', revokedAt: at(70), expiresAt: at(660) },
      { jti: `${id}.8`, userId: 'user_ann', revokedAt: at(70), expiresAt: at(660) },
    ]));
});
