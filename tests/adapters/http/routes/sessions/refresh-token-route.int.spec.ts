import { decodeJwt } from 'jose';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { tokens } from '../../../../../src/composition/system-tokens.ts';
import { visitor } from '../../../../support/servers/composed-system.ts';
import {
  expectPair,
  expectProblem,
  type TokenPair,
} from '../../../../support/servers/http-client.ts';
import {
  type RunningApp,
  skipSeconds,
  startRunningApp,
} from '../../../../support/servers/running-app.ts';

const DAY = 86_400;

let app: RunningApp;
beforeAll(async () => {
  app = await startRunningApp();
});
afterAll(() => app.close());
afterEach(() => {
  vi.useRealTimers();
});

const streamOf = ({ sessionId }: TokenPair): string => `tokenFamily-${sessionId}`;

const rotateOnce = async (pair: TokenPair): Promise<TokenPair> =>
  expectPair(await app.client.refresh(pair.refreshToken));

/** Asserts the refusal and that no event was stored. */
const expectInvalid = async (refreshToken: string): Promise<void> => {
  const before = await app.countEvents();
  expectProblem(await app.client.refresh(refreshToken), 'refresh_token_invalid');
  expect(await app.countEvents()).toBe(before);
};

describe('the live refresh token', () => {
  it('is exchanged for the next generation and a new access token of the same session', async () => {
    const first = await app.client.signUp();

    const second = await rotateOnce(first);

    expect(second.sessionId).toBe(first.sessionId);
    expect(second.refreshToken).not.toBe(first.refreshToken);
    expect(decodeJwt(first.accessToken).jti).toBe(`${first.sessionId}.0`);
    expect(decodeJwt(second.accessToken).jti).toBe(`${first.sessionId}.1`);
    expect(await app.events(streamOf(first))).toStrictEqual([
      'TokenFamilyStarted',
      'RefreshTokenRotated',
    ]);
    expect((await app.client.me(first.accessToken)).status).toBe(200);
    expect((await app.client.me(second.accessToken)).status).toBe(200);
  });

  it('extends the idle expiry of the session, never the absolute one', async () => {
    skipSeconds(0);
    let pair: TokenPair = await app.client.signUp();
    const ends: number[] = [];

    for (let visit = 1; visit <= 3; visit += 1) {
      skipSeconds(25 * DAY);
      pair = await rotateOnce(pair);
      ends.push(pair.refreshExpiresIn);
    }

    expect(ends).toStrictEqual([30 * DAY, 30 * DAY, 15 * DAY]);
    skipSeconds(15 * DAY);
    await expectInvalid(pair.refreshToken);
  });

  it('is refused after thirty days without use', async () => {
    skipSeconds(0);
    const pair = await app.client.signUp();

    skipSeconds(30 * DAY);

    await expectInvalid(pair.refreshToken);
  });
});

describe('a refresh repeated by the same client after a lost answer', () => {
  it('gets the identical refresh token and a new access token', async () => {
    const first = await app.client.signUp();
    const second = await rotateOnce(first);

    const again = await rotateOnce(first);

    expect(again.refreshToken).toBe(second.refreshToken);
    expect(decodeJwt(again.accessToken).jti).toBe(`${first.sessionId}.2`);
    expect(await app.events(streamOf(first))).toStrictEqual([
      'TokenFamilyStarted',
      'RefreshTokenRotated',
      'RefreshTokenReplayed',
    ]);
  });

  it('succeeds ten times, after which it is refused and the session stays live', async () => {
    const first = await app.client.signUp();
    const second = await rotateOnce(first);

    for (let replay = 1; replay <= 10; replay += 1) {
      expect((await rotateOnce(first)).refreshToken).toBe(second.refreshToken);
    }
    const before = await app.countEvents();
    expectProblem(await app.client.refresh(first.refreshToken), 'refresh_token_reused');
    expectProblem(await app.client.refresh(first.refreshToken), 'refresh_token_reused');
    expect(await app.countEvents()).toBe(before);

    expect((await app.client.me(second.accessToken)).status).toBe(200);
    const third = await rotateOnce(second);
    // A new generation allows ten new replays.
    expect((await rotateOnce(second)).refreshToken).toBe(third.refreshToken);
    expect(await app.events(streamOf(first))).toStrictEqual([
      'TokenFamilyStarted',
      'RefreshTokenRotated',
      ...Array.from({ length: 10 }, () => 'RefreshTokenReplayed'),
      'RefreshTokenRotated',
      'RefreshTokenReplayed',
    ]);
  });

  it('succeeds until the grace window ends', async () => {
    const first = await app.client.signUp();
    skipSeconds(0);
    const second = await rotateOnce(first);

    skipSeconds(29.999);

    expect((await rotateOnce(first)).refreshToken).toBe(second.refreshToken);
  });
});

describe('a genuine refresh token without a live session', () => {
  it('is refused after the sign-out', async () => {
    const pair = await app.client.signUp();
    await app.client.call('DELETE', '/v1/sessions/current', { token: pair.accessToken });

    await expectInvalid(pair.refreshToken);
  });

  it('is refused when superseded, without detecting a theft', async () => {
    const first = await app.client.signUp();
    const second = await rotateOnce(first);
    await app.client.call('DELETE', '/v1/sessions/current', { token: second.accessToken });

    await expectInvalid(first.refreshToken);
  });

  it('is refused after the user is deactivated', async () => {
    const pair = await app.client.signUp();
    await app.get(tokens.deactivateUser)(pair.user.id, visitor);

    await expectInvalid(pair.refreshToken);
  });

  it('is refused if it has a valid tag but was never issued', async () => {
    const { sessionId, refreshToken } = await app.client.signUp();
    const codec = app.get(tokens.refreshTokens);
    const issued = codec.parse(refreshToken);
    if (issued === undefined) throw new TypeError('the token does not decode');
    const { salt } = issued;
    const spec = { familyId: sessionId, generation: 0, salt, keyId: codec.currentKeyId };
    const otherSalt = 'f'.repeat(32);

    await expectInvalid(codec.derive({ ...spec, generation: 1 }).token);
    await expectInvalid(codec.derive({ ...spec, generation: 2 ** 32 - 2 }).token);
    await expectInvalid(codec.derive({ ...spec, salt: otherSalt }).token);
    await expectInvalid(
      codec.derive({ ...spec, familyId: '00000000-0000-4000-8000-000000000000' }).token,
    );
    await rotateOnce({ ...(await app.client.signUp()), refreshToken });
  });
});

describe('text that is not a refresh token of this service', () => {
  it('is refused with any single character changed', async () => {
    const { refreshToken } = await app.client.signUp();
    const flipped = (index: number) => {
      const other = refreshToken[index] === 'A' ? 'B' : 'A';
      return refreshToken.slice(0, index) + other + refreshToken.slice(index + 1);
    };
    const before = await app.countEvents();

    for (let index = 0; index < refreshToken.length; index += 1) {
      expectProblem(await app.client.refresh(flipped(index)), 'refresh_token_invalid');
    }

    expect(await app.countEvents()).toBe(before);
    expectPair(await app.client.refresh(refreshToken));
  });

  it('is refused truncated, extended, padded, with spaces or in another alphabet', async () => {
    const { refreshToken, accessToken } = await app.client.signUp();

    await expectInvalid(refreshToken.slice(0, -1));
    await expectInvalid(`${refreshToken}A`);
    await expectInvalid(`${refreshToken}==`);
    await expectInvalid(` ${refreshToken}`);
    await expectInvalid(`${refreshToken}\n`);
    await expectInvalid(refreshToken.toUpperCase());
    await expectInvalid(refreshToken.replace('lkr_', ''));
    await expectInvalid('lkr_');
    await expectInvalid('x');
    await expectInvalid(accessToken.slice(0, 512));
  });
});
