import { describe, expect, it } from 'vitest';
import { createKeepCheckpoints } from '../../../../src/application/auditing/evidence/keep-checkpoints.ts';
import type { MakeCheckpoint } from '../../../../src/application/auditing/evidence/make-checkpoint.ts';

/** Runs for so many milliseconds of a fake clock. */
const runFor = async (milliseconds: number, seconds: number, makeCheckpoint: MakeCheckpoint) => {
  const stop = new AbortController();
  const made: number[] = [];
  const lines: string[] = [];
  let now = 0;
  const keepCheckpoints = createKeepCheckpoints({
    makeCheckpoint: async () => {
      made.push(now / 1_000);
      return makeCheckpoint();
    },
    seconds,
    pause: async (length) => {
      now += length;
      if (now >= milliseconds) stop.abort();
    },
    log: (line) => void lines.push(line),
  });
  await keepCheckpoints(stop.signal);
  return { made, lines };
};

const nothingNew: MakeCheckpoint = async () => ({ kind: 'nothing_new' });

describe('a process that keeps checkpoints', () => {
  it('makes the first checkpoint after a minute, and the next ones at their interval', async () => {
    expect(await runFor(8_000_000, 3_600, nothingNew)).toStrictEqual({
      made: [60, 3_660, 7_260],
      lines: [],
    });
  });

  it('waits no longer for the first checkpoint than for any other', async () => {
    expect((await runFor(3_500, 1, nothingNew)).made).toStrictEqual([1, 2, 3]);
  });

  it('logs why no checkpoint was made, and continues', async () => {
    const { lines } = await runFor(2_500, 1, async () => ({
      kind: 'refused',
      findings: [],
      totalFindings: 2,
    }));
    const line = 'NO CHECKPOINT: the event log was changed (2 findings): run latchkey audit verify';
    expect(lines).toStrictEqual([line, line]);
  });

  it('logs a failure, and continues', async () => {
    const { lines } = await runFor(2_500, 1, () => Promise.reject(new Error('away')));
    expect(lines).toStrictEqual(['checkpoint: away', 'checkpoint: away']);
  });

  it('stops at once when it is aborted', async () => {
    const stop = new AbortController();
    const running = createKeepCheckpoints({
      makeCheckpoint: nothingNew,
      seconds: 3_600,
      pause: () => new Promise(() => undefined),
      log: () => undefined,
    })(stop.signal);
    stop.abort();
    await running;
  });
});
