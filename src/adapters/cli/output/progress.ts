import type { Output } from './output.ts';

export type Progress = Readonly<{ update(done: number, total: number): void; stop(): void }>;

const silent: Progress = { update: () => undefined, stop: () => undefined };

/** Shows a bar with rate and time left on a terminal; shows nothing elsewhere. */
export const createProgress = async (output: Output, unit: string): Promise<Progress> => {
  if (!output.isTerminal) return silent;
  const { default: cliProgress } = await import('cli-progress');
  const bar = new cliProgress.SingleBar({
    format: `{bar} {value}/{total} ${unit}, {rate}/s, {eta_formatted} left`,
    stream: process.stderr,
    // The estimate is not finite for a bar that ends as it begins.
    formatTime: (seconds) => (Number.isFinite(seconds) ? `${Math.round(seconds)} s` : '0 s'),
    hideCursor: true,
    clearOnComplete: true,
  });
  const startedAt = performance.now();
  let running = false;
  return {
    update: (done, total) => {
      const rate = Math.round(done / Math.max((performance.now() - startedAt) / 1000, 0.001));
      if (!running) bar.start(total, done, { rate });
      running = true;
      bar.setTotal(total);
      bar.update(done, { rate });
    },
    stop: () => {
      if (running) bar.stop();
      running = false;
    },
  };
};
