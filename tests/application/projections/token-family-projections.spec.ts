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

describe('the table of sessions', () => {
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

  it('shows where and when it was last used, and for how long that keeps it', () =>
    expect(project(rotated(1, 60, { by: laptopElsewhere }))).toStrictEqual(
      update({
        ip: '198.51.100.7',
        user_agent: 'Laptop/1.0',
        last_used_at: at(60),
        expires_at: at(60 + IDLE_SECONDS),
      }),
    ));

  it('is used by a replay, which keeps it no longer', () =>
    expect(project(replayed(1, 61))).toStrictEqual(
      update({ ip: '192.0.2.1', user_agent: 'Laptop/1.0', last_used_at: at(61) }),
    ));

  it('goes on when one access token is revoked', () =>
    expect(project(accessTokenRevoked(0, 0, 62))).toStrictEqual([]));

  it('shows which household it acts for', () =>
    expect(project(toFlat)).toStrictEqual(update({ household_id: 'hh_flat' })));

  it('does not show the thief', () => expect(project(theft)).toStrictEqual([]));

  it('keeps when and why it ended', () =>
    expect(project(end)).toStrictEqual(update({ revoked_at: at(70), revoked_reason: 'sign_out' })));
});

describe('the table of refresh tokens', () => {
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

  it('retires one generation before it gets the next', () =>
    expect(project(rotated(3, 60))).toStrictEqual([
      {
        table: 'refresh_tokens',
        op: 'update',
        where: { id: `${id}.2` },
        set: { rotated_at: at(60) },
      },
      issued(3, 60),
    ]));

  it('gets nothing for a replay, an access token alone, another household, nor for the theft itself', () => {
    expect(project(toFlat)).toStrictEqual([]);
    expect(project(replayed(1, 61))).toStrictEqual([]);
    expect(project(accessTokenRevoked(0, 0, 62))).toStrictEqual([]);
    expect(project(theft)).toStrictEqual([]);
  });

  it('marks every generation of a family that ends', () =>
    expect(project(end)).toStrictEqual([
      {
        table: 'refresh_tokens',
        op: 'update',
        where: { token_family: id },
        set: { revoked_at: at(70), revoked_reason: 'sign_out' },
      },
    ]));
});

describe('the table of revoked access tokens', () => {
  const project = (event: TokenFamilyEvent) => revokedTokensProjection({ stream, event });
  const listed = (ordinal: number, expiresAt: string) => ({
    table: 'revoked_tokens',
    op: 'upsert',
    where: { jti: `${id}.${ordinal}` },
    set: { user_id: 'user_ann', revoked_at: at(70), expires_at: expiresAt },
  });

  it('lists each token of each span, until it would have expired', () =>
    expect(project(end)).toStrictEqual([
      listed(0, at(600)),
      listed(2, at(660)),
      listed(3, at(660)),
    ]));

  it('lists one that was revoked by itself', () =>
    expect(project(accessTokenRevoked(1, 60, 70))).toStrictEqual([listed(1, at(660))]));

  it('lists those that speak of the household before, and not the one that takes their place', () =>
    expect(project(toFlat)).toStrictEqual([listed(0, at(660)), listed(1, at(660))]));

  it('lists nothing where nothing was alive', () =>
    expect(project(revoked('admin', 70, []))).toStrictEqual([]));

  it.each<TokenFamilyEvent>([started, rotated(1, 60), replayed(1, 61), theft])(
    'is left alone by $type',
    (event) => expect(project(event)).toStrictEqual([]),
  );

  it('names a token as the token names itself', () =>
    expect(revokedAccessTokens(id, revoked('theft', 70, [span(7, 8, 60)]))).toStrictEqual([
      { jti: `${id}.7`, userId: 'user_ann', revokedAt: at(70), expiresAt: at(660) },
      { jti: `${id}.8`, userId: 'user_ann', revokedAt: at(70), expiresAt: at(660) },
    ]));
});
