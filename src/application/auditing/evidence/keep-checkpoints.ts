import type { Pause } from '../../kernel/pause.ts';
import type { CheckpointOutcome, MakeCheckpoint } from './make-checkpoint.ts';

type Dependencies = Readonly<{
  makeCheckpoint: MakeCheckpoint;
  /** Between two checkpoints. */
  seconds: number;
  pause: Pause;
  log: (line: string) => void;
}>;

const LOOK_MS = 500;
/** Leaves the start of the service undisturbed. */
const FIRST_AFTER_SECONDS = 60;

const reasonNotTo = (outcome: CheckpointOutcome): string | undefined => {
  switch (outcome.kind) {
    case 'made':
    case 'nothing_new':
      return undefined;
    case 'forged':
      return `checkpoint ${outcome.number} has no signature of this service`;
    case 'refused':
      return `the event log was changed (${outcome.totalFindings} findings)`;
  }
};

export type KeepCheckpoints = ReturnType<typeof createKeepCheckpoints>;

/** Makes a checkpoint of the log every `seconds` if there are new events, until `signal` aborts. */
export const createKeepCheckpoints = ({ makeCheckpoint, seconds, pause, log }: Dependencies) => {
  const make = async (): Promise<void> => {
    try {
      const outcome = await makeCheckpoint();
      const reason = reasonNotTo(outcome);
      if (reason !== undefined) log(`NO CHECKPOINT: ${reason}: run latchkey audit verify`);
    } catch (error) {
      log(`checkpoint: ${error instanceof Error ? error.message : 'unknown failure'}`);
    }
  };

  /** Waits in short pauses, so that a shutdown neither waits nor leaves a timer behind for long. */
  const wait = async (signal: AbortSignal, milliseconds: number): Promise<void> => {
    const aborted = new Promise<void>((resolve) => {
      signal.addEventListener('abort', () => resolve(), { once: true });
    });
    for (let waited = 0; waited < milliseconds && !signal.aborted; waited += LOOK_MS) {
      await Promise.race([pause(LOOK_MS), aborted]);
    }
  };

  return async (signal: AbortSignal): Promise<void> => {
    await wait(signal, Math.min(seconds, FIRST_AFTER_SECONDS) * 1_000);
    while (!signal.aborted) {
      await make();
      await wait(signal, seconds * 1_000);
    }
  };
};
