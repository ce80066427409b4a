import { describe, expect, it, vi } from 'vitest';
import { createCoalesce } from '../../../src/application/kernel/coalesce.ts';
import { createManualClock } from '../../support/events/manual-clock.ts';

/** Work that ends when the test says so, and counts how often it was begun. */
const createWork = () => {
  const begun: { finish: (answer: string) => void; fail: (error: Error) => void }[] = [];
  return {
    begun,
    work: () =>
      new Promise<string>((resolve, reject) => {
        begun.push({ finish: resolve, fail: reject });
      }),
  };
};

type Options = Readonly<{ isStillGood?: (answer: string) => boolean | Promise<boolean> }>;

const setUp = ({ isStillGood = () => true }: Options = {}) => {
  const clock = createManualClock();
  return { clock, ask: createCoalesce<string>(clock, isStillGood), ...createWork() };
};

const answering = (answer: string) => async () => answer;
const notAsked = async (): Promise<string> => {
  throw new Error('this was to be answered from what is there');
};

describe('when several ask the same at the same time', () => {
  it('does the work once and answers all', async () => {
    const { ask, work, begun } = setUp();
    const answers = [ask('a', work), ask('a', work), ask('a', work)];
    expect(begun).toHaveLength(1);
    begun[0]?.finish('one');
    expect(await Promise.all(answers)).toStrictEqual(['one', 'one', 'one']);
  });

  it('fails all alike, and keeps no failure', async () => {
    const { ask, work, begun } = setUp();
    const asked = Promise.allSettled([ask('a', work), ask('a', work)]);
    const failure = new Error('the store is away');
    begun[0]?.fail(failure);
    expect(await asked).toStrictEqual([
      { status: 'rejected', reason: failure },
      { status: 'rejected', reason: failure },
    ]);
    expect(await ask('a', answering('later'))).toBe('later');
  });

  it('keeps different questions apart', async () => {
    const { ask, work, begun } = setUp();
    const answers = [ask('a', work), ask('b', work)];
    begun[1]?.finish('two');
    begun[0]?.finish('one');
    expect(await Promise.all(answers)).toStrictEqual(['one', 'two']);
  });

  it('goes on sharing however long the work takes', async () => {
    const { ask, work, begun, clock } = setUp();
    const first = ask('a', work);
    clock.advance(3_600);
    const second = ask('a', work);
    begun[0]?.finish('one');
    expect(await Promise.all([first, second])).toStrictEqual(['one', 'one']);
  });
});

/** A race of two over 'a' that was answered with 'raced'. */
const afterRace = async (options?: Options) => {
  const set = setUp(options);
  const { ask, work, begun } = set;
  const answers = [ask('a', work), ask('a', work)];
  begun[0]?.finish('raced');
  await Promise.all(answers);
  return set;
};

describe('when a race was answered', () => {
  it('answers its late-comers for a second', async () => {
    const { ask, clock } = await afterRace();
    clock.advance(1);
    expect(await ask('a', notAsked)).toBe('raced');
  });

  it('does the work again a millisecond later', async () => {
    const { ask, clock } = await afterRace();
    clock.advance(1.001);
    expect(await ask('a', answering('anew'))).toBe('anew');
  });

  it('does not live longer by being asked', async () => {
    const { ask, clock } = await afterRace();
    clock.advance(0.9);
    await ask('a', notAsked);
    clock.advance(0.2);
    expect(await ask('a', answering('anew'))).toBe('anew');
  });

  it('asks whether the answer is still good', async () => {
    const revoked = new Set<string>();
    const { ask } = await afterRace({ isStillGood: (answer) => !revoked.has(answer) });
    expect(await ask('a', notAsked)).toBe('raced');
    revoked.add('raced');
    expect(await ask('a', answering('anew'))).toBe('anew');
  });

  it('waits for the word on whether the answer is still good', async () => {
    const { ask } = await afterRace({ isStillGood: async () => false });
    expect(await ask('a', answering('anew'))).toBe('anew');
  });

  it('answers nothing when nobody can tell', async () => {
    const isStillGood = async () => {
      throw new Error('the store is away');
    };
    const { ask } = await afterRace({ isStillGood });
    await expect(ask('a', notAsked)).rejects.toThrow('the store is away');
  });

  it('lets late-comers who come too late share their new answer', async () => {
    const { ask, clock, work, begun } = await afterRace();
    clock.advance(2);
    const answers = [ask('a', work), ask('a', work), ask('a', work)];
    await vi.waitFor(() => expect(begun.length).toBeGreaterThan(1), { timeout: 10_000 });
    for (const { finish } of begun) finish('anew');
    expect(await Promise.all(answers)).toStrictEqual(['anew', 'anew', 'anew']);
    expect(begun).toHaveLength(2);
  });

  it('lets go of it when another answer comes later', async () => {
    const inspected: string[] = [];
    const isStillGood = (answer: string) => inspected.push(answer) > 0;
    const { ask, clock } = await afterRace({ isStillGood });
    clock.advance(1.001);
    await ask('b', answering('other'));
    clock.advance(-1.001);
    // Back within its second it would still be good, had it not been dropped.
    expect(await ask('a', answering('anew'))).toBe('anew');
    expect(inspected).toStrictEqual([]);
  });
});

describe('when nobody else asked', () => {
  it('leaves nothing behind: the next one is answered on its own', async () => {
    const { ask } = setUp();
    expect(await ask('a', answering('one'))).toBe('one');
    expect(await ask('a', answering('two'))).toBe('two');
  });

  it('passes a failure on, also one that comes before the work begins', async () => {
    const { ask } = setUp();
    const failing = () => {
      throw new Error('not even begun');
    };
    await expect(ask('a', failing)).rejects.toThrow('not even begun');
    expect(await ask('a', answering('later'))).toBe('later');
  });
});
