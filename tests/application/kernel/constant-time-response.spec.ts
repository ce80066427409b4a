import { describe, expect, it } from 'vitest';
import { createRespondInConstantTime } from '../../../src/application/kernel/constant-time-response.ts';

const setUp = () => {
  let endPause = (): void => undefined;
  const asked: number[] = [];
  const respondInConstantTime = createRespondInConstantTime((milliseconds) => {
    asked.push(milliseconds);
    return new Promise((resolve) => {
      endPause = resolve;
    });
  });
  return { respondInConstantTime, asked, endPause: () => endPause() };
};

/** Lets all pending promises settle. */
const settle = () => new Promise((resolve) => setImmediate(resolve));

describe('a response in constant time', () => {
  it('is sent when the pause ends, however soon the work is done', async () => {
    const { respondInConstantTime, asked, endPause } = setUp();
    let answered = false;
    const answer = respondInConstantTime(async () => 'done').then((result) => {
      answered = true;
      return result;
    });
    await settle();
    expect([answered, asked]).toStrictEqual([false, [100]]);
    endPause();
    expect(await answer).toBe('done');
  });

  it('begins its work at once', async () => {
    const { respondInConstantTime, endPause } = setUp();
    let begun = false;
    const answer = respondInConstantTime(async () => {
      begun = true;
    });
    expect(begun).toBe(true);
    endPause();
    await answer;
  });

  it('fails no sooner than it succeeds', async () => {
    const { respondInConstantTime, endPause } = setUp();
    let failed = false;
    const answer = respondInConstantTime(async () => {
      throw new Error('away');
    }).catch((error: Error) => {
      failed = true;
      return error.message;
    });
    await settle();
    expect(failed).toBe(false);
    endPause();
    expect(await answer).toBe('away');
  });

  it('is sent later when the work takes longer', async () => {
    const { respondInConstantTime, endPause } = setUp();
    let finish = (): void => undefined;
    const work = new Promise<void>((resolve) => {
      finish = resolve;
    });
    let answered = false;
    const answer = respondInConstantTime(() => work).then(() => {
      answered = true;
    });
    endPause();
    await settle();
    expect(answered).toBe(false);
    finish();
    await answer;
    expect(answered).toBe(true);
  });
});
