import { describe, expect, it } from 'vitest';
import { createHashingGate } from '../../../src/adapters/hashing/hashing-gate.ts';

/** Work that starts when the gate admits it and ends when the test lets it. */
const startWork = (options: { workers: number; maxQueue: number }) => {
  const gate = createHashingGate(options);
  const started: string[] = [];
  const finishers = new Map<string, () => void>();
  const run = (name: string) =>
    gate.run(() => {
      started.push(name);
      return new Promise<string>((resolve) => finishers.set(name, () => resolve(name)));
    });
  return { run, started, finish: (name: string) => finishers.get(name)?.() };
};

/** Waits for all work that does not depend on the test. */
const flushPending = () => new Promise(setImmediate);

const busy = expect.objectContaining({ code: 'server_busy', retryAfterSeconds: 1 });

describe('a gate with free workers', () => {
  it('starts as many hashes as it has workers', async () => {
    const { run, started } = startWork({ workers: 2, maxQueue: 5 });
    for (const name of ['a', 'b', 'c']) void run(name);
    await flushPending();
    expect(started).toStrictEqual(['a', 'b']);
  });

  it('returns the result', () =>
    expect(createHashingGate({ workers: 1, maxQueue: 0 }).run(async () => 42)).resolves.toBe(42));
});

describe('a gate whose workers are busy', () => {
  it('starts waiting work in order of arrival, one for each that ends', async () => {
    const { run, started, finish } = startWork({ workers: 1, maxQueue: 5 });
    const all = Promise.all(['a', 'b', 'c'].map(run));
    await flushPending();
    finish('a');
    await flushPending();
    expect(started).toStrictEqual(['a', 'b']);
    finish('b');
    await flushPending();
    expect(started).toStrictEqual(['a', 'b', 'c']);
    finish('c');
    await expect(all).resolves.toStrictEqual(['a', 'b', 'c']);
  });

  it('continues after work that failed', async () => {
    const gate = createHashingGate({ workers: 1, maxQueue: 1 });
    const failing = gate.run(() => Promise.reject(new Error('no memory')));
    const next = gate.run(async () => 'done');
    await expect(failing).rejects.toThrow('no memory');
    await expect(next).resolves.toBe('done');
    await expect(gate.run(async () => 'again')).resolves.toBe('again');
  });

  it('continues after work that threw synchronously', async () => {
    const gate = createHashingGate({ workers: 1, maxQueue: 0 });
    const broken = gate.run(() => {
      throw new Error('at once');
    });
    await expect(broken).rejects.toThrow('at once');
    await expect(gate.run(async () => 'again')).resolves.toBe('again');
  });

  it('never runs more at a time than it has workers', async () => {
    const gate = createHashingGate({ workers: 3, maxQueue: 100 });
    let running = 0;
    let most = 0;
    const work = async () => {
      running += 1;
      most = Math.max(most, running);
      for (let round = 0; round < 3; round += 1) await flushPending();
      running -= 1;
    };
    const all: Promise<void>[] = [];
    for (let arrival = 0; arrival < 50; arrival += 1) {
      all.push(gate.run(work), gate.run(work));
      await flushPending();
    }
    await Promise.all(all);
    expect(most).toBe(3);
  });
});

describe('a gate whose queue is full', () => {
  it('refuses work with server_busy and does not run it', async () => {
    const { run, started, finish } = startWork({ workers: 1, maxQueue: 1 });
    const admitted = Promise.all(['a', 'b'].map(run));
    await expect(run('c')).rejects.toThrow(busy);
    finish('a');
    await flushPending();
    finish('b');
    await admitted;
    expect(started).toStrictEqual(['a', 'b']);
  });

  it('accepts work again once the queue has room', async () => {
    const { run, finish } = startWork({ workers: 1, maxQueue: 0 });
    const a = run('a');
    await expect(run('b')).rejects.toThrow(busy);
    finish('a');
    await a;
    const c = run('c');
    await flushPending();
    finish('c');
    await expect(c).resolves.toBe('c');
  });
});

describe('a gate without workers or with an invalid queue', () => {
  it.each([
    { workers: 0, maxQueue: 1 },
    { workers: 1.5, maxQueue: 1 },
    { workers: Number.NaN, maxQueue: 1 },
    { workers: 1, maxQueue: -1 },
  ])('is refused: %o', (options) => {
    expect(() => createHashingGate(options)).toThrow(RangeError);
  });
});
