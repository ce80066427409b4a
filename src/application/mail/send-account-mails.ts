import type { Pause } from '../kernel/pause.ts';
import type { DeliverMails } from './deliver-mails.ts';
import type { QueueMails } from './queue-mails.ts';

type Dependencies = Readonly<{
  queueMails: QueueMails;
  /** Undefined without a mail server: mails remain queued. */
  deliverMails: DeliverMails | undefined;
  pause: Pause;
  log: (line: string) => void;
}>;

const IDLE_MS = 500;
const AFTER_FAILURE_MS = 1_000;

export type SendAccountMails = ReturnType<typeof createSendAccountMails>;

/**
 * Sends users the mails about their accounts. Follows the log by a checkpoint of its own, so a
 * rebuild of the tables sends no mail. Runs until `signal` aborts and retries after failures.
 */
export const createSendAccountMails = ({ queueMails, deliverMails, pause, log }: Dependencies) => {
  const keepTrying = async (signal: AbortSignal, work: () => Promise<void>): Promise<void> => {
    while (!signal.aborted) {
      try {
        await work();
      } catch (error) {
        if (signal.aborted) return;
        log(`mail: ${error instanceof Error ? error.message : 'unknown failure'}`);
        await pause(AFTER_FAILURE_MS);
      }
    }
  };

  return async (signal: AbortSignal): Promise<void> => {
    let wake = (): void => undefined;
    const deliverWhenDue = async (deliver: DeliverMails): Promise<void> => {
      const woken = new Promise<void>((resolve) => {
        wake = resolve;
      });
      const count = await deliver();
      if (count === 0) await Promise.race([woken, pause(IDLE_MS)]);
    };
    await Promise.all([
      keepTrying(signal, () => queueMails(signal, () => wake())),
      deliverMails && keepTrying(signal, () => deliverWhenDue(deliverMails)),
    ]);
  };
};
