import { describe, expect, it, vi } from 'vitest';
import { createCoalesce } from '../../../src/application/kernel/coalesce.ts';
import { createManualClock } from '../../support/events/manual-clock.ts';

/** Work that ends when the test ends it, and that lists its calls. */
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

describe('concurrent calls with the same key', () => {
  it('do the work once and share its answer', async () => {
    const { ask, work, begun } = setUp();
    const answers = [ask('a', work), ask('a', work), ask('a', work)];
    expect(begun).toHaveLength(1);
    begun[0]?.finish('one');
    expect(await Promise.all(answers)).toStrictEqual(['one', 'one', 'one']);
  });

  it('fail with the same error, which is not kept', async () => {
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

  it('are independent of calls with another key', async () => {
    const { ask, work, begun } = setUp();
    const answers = [ask('a', work), ask('b', work)];
    begun[1]?.finish('two');
    begun[0]?.finish('one');
    expect(await Promise.all(answers)).toStrictEqual(['one', 'two']);
  });

  it('share the answer however long the work takes', async () => {
    const { ask, work, begun, clock } = setUp();
    const first = ask('a', work);
    clock.advance(3_600);
    const second = ask('a', work);
    begun[0]?.finish('one');
    expect(await Promise.all([first, second])).toStrictEqual(['one', 'one']);
  });
});

/** Two concurrent calls with the key 'a', answered with 'raced'. */
const afterRace = async (options?: Options) => {
  const set = setUp(options);
  const { ask, work, begun } = set;
  const answers = [ask('a', work), ask('a', work)];
  begun[0]?.finish('raced');
  await Promise.all(answers);
  return set;
};

describe('the shared answer of concurrent calls', () => {
  it('is given to later calls for a second', async () => {
    const { ask, clock } = await afterRace();
    clock.advance(1);
    expect(await ask('a', notAsked)).toBe('raced');
  });

  it('is computed again a millisecond later', async () => {
    const { ask, clock } = await afterRace();
    clock.advance(1.001);
    expect(await ask('a', answering('anew'))).toBe('anew');
  });

  it('is not kept longer by later calls', async () => {
    const { ask, clock } = await afterRace();
    clock.advance(0.9);
    await ask('a', notAsked);
    clock.advance(0.2);
    expect(await ask('a', answering('anew'))).toBe('anew');
  });

  it('is checked before it is given to a later call', async () => {
    const revoked = new Set<string>();
    const { ask } = await afterRace({ isStillGood: (answer) => !revoked.has(answer) });
    expect(await ask('a', notAsked)).toBe('raced');
    revoked.add('raced');
    expect(await ask('a', answering('anew'))).toBe('anew');
  });

  it('is given only after an asynchronous check', async () => {
    const { ask } = await afterRace({ isStillGood: async () => false });
    expect(await ask('a', answering('anew'))).toBe('anew');
  });

  it('is not given when the check fails', async () => {
    const isStillGood = async () => {
      throw new Error('the store is away');
    };
    const { ask } = await afterRace({ isStillGood });
    await expect(ask('a', notAsked)).rejects.toThrow('the store is away');
  });

  it('is replaced by one that calls after its end share', async () => {
    const { ask, clock, work, begun } = await afterRace();
    clock.advance(2);
    const answers = [ask('a', work), ask('a', work), ask('a', work)];
    await vi.waitFor(() => expect(begun.length).toBeGreaterThan(1), { timeout: 10_000 });
    for (const { finish } of begun) finish('anew');
    expect(await Promise.all(answers)).toStrictEqual(['anew', 'anew', 'anew']);
    expect(begun).toHaveLength(2);
  });

  it('is dropped when a later answer arrives after its end', async () => {
    const inspected: string[] = [];
    const isStillGood = (answer: string) => inspected.push(answer) > 0;
    const { ask, clock } = await afterRace({ isStillGood });
    clock.advance(1.001);
    await ask('b', answering('other'));
    clock.advance(-1.001);
    // Within its second it would still be shared, had it not been dropped.
    expect(await ask('a', answering('anew'))).toBe('anew');
    expect(inspected).toStrictEqual([]);
  });
});

describe('the answer to a single call', () => {
  it('is not kept for the next call', async () => {
    const { ask } = setUp();
    expect(await ask('a', answering('one'))).toBe('one');
    expect(await ask('a', answering('two'))).toBe('two');
  });

  it('is the failure of the work, also when it throws synchronously', async () => {
    const { ask } = setUp();
    const failing = () => {
      throw new Error('not even begun');
    };
    await expect(ask('a', failing)).rejects.toThrow('not even begun');
    expect(await ask('a', answering('later'))).toBe('later');
  });
});
