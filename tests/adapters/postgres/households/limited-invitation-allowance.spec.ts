import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createLimitedInvitationAllowance } from '../../../../src/adapters/postgres/households/limited-invitation-allowance.ts';
import { createInMemoryRateLimiter } from '../../../support/http/in-memory-rate-limiter.ts';

const DAY = 86_400;
const ADDRESS = 'ben@example.com';

const setUp = () => {
  const limiter = createInMemoryRateLimiter();
  return { limiter, ...createLimitedInvitationAllowance(limiter) };
};

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: Date.parse('2026-03-01T12:00:00Z') });
});
afterEach(() => {
  vi.useRealTimers();
});

describe('an inviter', () => {
  it('may invite sixty times a day, and then gets a time to retry', async () => {
    const { takeForInviter } = setUp();
    for (let n = 0; n < 60; n += 1) await takeForInviter('user_ann');
    vi.setSystemTime(Date.now() + 1_000);
    await expect(takeForInviter('user_ann')).rejects.toMatchObject({
      name: 'ApplicationError',
      code: 'invitation_limit_reached',
      retryAfterSeconds: DAY - 1,
    });
    await takeForInviter('user_cid');
    vi.setSystemTime(Date.now() + DAY * 1_000);
    await takeForInviter('user_ann');
  });
});

describe('an address', () => {
  it('gets ten mails a day from all inviters together', async () => {
    const { takeForAddress } = setUp();
    const answers: boolean[] = [];
    for (let n = 0; n < 11; n += 1) answers.push(await takeForAddress(ADDRESS));
    expect(answers).toStrictEqual([...Array<boolean>(10).fill(true), false]);
    expect(await takeForAddress('cid@example.com')).toBe(true);
  });

  it('is counted separately from an inviter of the same name', async () => {
    const { limiter, takeForAddress, takeForInviter } = setUp();
    await takeForAddress('same');
    await takeForInviter('same');
    expect(new Set(limiter.keys).size).toBe(2);
  });
});
