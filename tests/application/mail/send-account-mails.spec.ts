import { describe, expect, it } from 'vitest';
import { createSendAccountMails } from '../../../src/application/mail/send-account-mails.ts';
import { eventually } from '../../support/kernel/eventually.ts';

/** A pause that ends when the test says so. */
const createPauses = () => {
  const open: Array<() => void> = [];
  const asked: number[] = [];
  return {
    asked,
    pause: (milliseconds: number) => {
      asked.push(milliseconds);
      return new Promise<void>((resolve) => void open.push(resolve));
    },
    endAll: () => {
      for (const end of open.splice(0)) end();
    },
  };
};

const untilAborted = (signal: AbortSignal) =>
  new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()));

describe('sending account mails when none is due', () => {
  it('looks again after a pause, or when it is woken', async () => {
    const stop = new AbortController();
    const { asked, pause, endAll } = createPauses();
    let wake = (): void => undefined;
    let looks = 0;
    const running = createSendAccountMails({
      queueMails: (signal, onQueued) => {
        wake = onQueued;
        return untilAborted(signal);
      },
      deliverMails: async () => {
        looks += 1;
        return 0;
      },
      pause,
      log: () => undefined,
    })(stop.signal);
    await eventually(() => looks === 1, 'it looked once');
    wake();
    await eventually(() => looks === 2, 'it was woken');
    endAll();
    await eventually(() => looks === 3, 'it looked by itself');
    stop.abort();
    endAll();
    await running;
    expect(asked).toStrictEqual([500, 500, 500]);
  });
});

describe('sending account mails when many are due', () => {
  it('continues without a pause', async () => {
    const stop = new AbortController();
    const { asked, pause, endAll } = createPauses();
    const due = [20, 20, 7, 0];
    const running = createSendAccountMails({
      queueMails: untilAborted,
      deliverMails: async () => due.shift() ?? 0,
      pause,
      log: () => undefined,
    })(stop.signal);
    await eventually(() => due.length === 0, 'all were sent');
    stop.abort();
    endAll();
    await running;
    expect(asked).toStrictEqual([500]);
  });
});

describe('sending account mails when a part fails', () => {
  it('logs the failure of queueing or delivery, and retries that part after a second', async () => {
    const stop = new AbortController();
    const { asked, pause, endAll } = createPauses();
    const lines: string[] = [];
    let followed = 0;
    let delivered = 0;
    const running = createSendAccountMails({
      queueMails: async (signal) => {
        followed += 1;
        if (followed === 1) throw new Error('the log is away');
        await untilAborted(signal);
      },
      deliverMails: async () => {
        delivered += 1;
        if (delivered === 1) throw 'no error';
        return 0;
      },
      pause,
      log: (line) => void lines.push(line),
    })(stop.signal);
    await eventually(() => asked.length === 2, 'both failed');
    expect([...asked]).toStrictEqual([1_000, 1_000]);
    endAll();
    await eventually(() => followed === 2 && delivered === 2, 'both were tried again');
    stop.abort();
    endAll();
    await running;
    expect(lines.sort()).toStrictEqual(['mail: the log is away', 'mail: unknown failure']);
  });

  it('logs no failure that the shutdown causes', async () => {
    const stop = new AbortController();
    const lines: string[] = [];
    const running = createSendAccountMails({
      queueMails: async (signal) => {
        await untilAborted(signal);
        throw new Error('interrupted');
      },
      deliverMails: undefined,
      pause: async () => undefined,
      log: (line) => void lines.push(line),
    })(stop.signal);
    stop.abort();
    await running;
    expect(lines).toStrictEqual([]);
  });
});

describe('sending account mails without a mail server', () => {
  it('queues mails all the same', async () => {
    const stop = new AbortController();
    let following = false;
    const running = createSendAccountMails({
      queueMails: (signal) => {
        following = true;
        return untilAborted(signal);
      },
      deliverMails: undefined,
      pause: async () => undefined,
      log: () => undefined,
    })(stop.signal);
    await eventually(() => following, 'the log is followed');
    stop.abort();
    await expect(running).resolves.toBeUndefined();
  });
});
