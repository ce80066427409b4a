import { describe, expect, it } from 'vitest';
import type { EventShape, NewEvent } from '../../../src/application/kernel/event-store.ts';
import type { MailQueue } from '../../../src/application/mail/mail-queue.ts';
import { createQueueMails } from '../../../src/application/mail/queue-mails.ts';
import { appendTo, newEvent, newStream } from '../../support/event-log/event-store-fixtures.ts';
import {
  passwordChanged,
  resetRequested,
  verificationRequested,
} from '../../support/events/account-fixtures.ts';
import {
  invitationAccepted,
  invitationResent,
  memberInvited,
} from '../../support/events/household-event-fixtures.ts';
import { createManualClock } from '../../support/events/manual-clock.ts';
import {
  displayNameChanged,
  householdCreated,
} from '../../support/events/projected-event-fixtures.ts';
import { started } from '../../support/events/token-family-fixtures.ts';
import { registered } from '../../support/events/user-fixtures.ts';
import { eventually } from '../../support/kernel/eventually.ts';
import { createInMemoryEventStore } from '../../support/kernel/in-memory-event-store.ts';
import { createInMemoryMailQueue } from '../../support/mail/in-memory-mail-queue.ts';

const setUp = () => {
  const eventStore = createInMemoryEventStore();
  const queue = createInMemoryMailQueue(createManualClock());
  const advances: (readonly string[])[] = [];
  const watched: MailQueue = {
    ...queue,
    advance: async (position, mails) => {
      advances.push(mails.map(({ eventId }) => eventId));
      await queue.advance(position, mails);
    },
  };
  const user = newStream('user');

  /** Runs the policy until `done`, as one process after the other would. */
  const runUntil = async (done: () => boolean | Promise<boolean>, wake = () => undefined) => {
    const stop = new AbortController();
    const running = createQueueMails({ eventStore, queue: watched })(stop.signal, wake);
    await eventually(done, 'the policy has come that far');
    stop.abort();
    await running;
  };

  const append = async (...events: readonly EventShape[]): Promise<readonly NewEvent[]> => {
    const stored = events.map(newEvent);
    await appendTo(eventStore, user, ...stored);
    return stored;
  };

  return { eventStore, queue, advances, user, runUntil, append };
};

const idsOf = (events: readonly NewEvent[]) => events.map(({ eventId }) => eventId);

describe('queueing the mails of events', () => {
  it('queues one mail for each event, in order, and advances its checkpoint', async () => {
    const { append, queue, runUntil, user } = setUp();
    const [, requested, changed] = idsOf(
      await append(registered, verificationRequested(1), passwordChanged('change', 1)),
    );
    await runUntil(async () => (await queue.countWaiting()) === 2);
    expect((await queue.due(10)).map(({ eventId, stream }) => ({ eventId, stream }))).toStrictEqual(
      [requested, changed].map((eventId) => ({ eventId, stream: user })),
    );
    expect(await queue.checkpoint()).toBe('00000000000000000002');
  });

  it('queues one mail for an invitation, and another each time it is resent', async () => {
    const { eventStore, queue, runUntil } = setUp();
    const household = newStream('household');
    const events = [householdCreated, memberInvited, invitationResent].map(newEvent);
    await appendTo(eventStore, household, ...events);
    await runUntil(async () => (await queue.countWaiting()) === 2);
    expect((await queue.due(10)).map(({ eventId, stream }) => ({ eventId, stream }))).toStrictEqual(
      idsOf(events.slice(1)).map((eventId) => ({ eventId, stream: household })),
    );
  });

  it('wakes the delivery once the mail is queued', async () => {
    const { append, queue, runUntil } = setUp();
    const waiting: Promise<number>[] = [];
    await append(registered, verificationRequested(1), displayNameChanged);
    await runUntil(
      () => waiting.length > 0,
      () => void waiting.push(queue.countWaiting()),
    );
    expect(await Promise.all(waiting)).toStrictEqual([1]);
  });

  it('follows events that are appended later', async () => {
    const { append, queue, runUntil } = setUp();
    await append(registered);
    await runUntil(async () => {
      if ((await queue.countWaiting()) === 0) await append(resetRequested(1));
      return (await queue.countWaiting()) > 0;
    });
    expect(await queue.checkpoint()).toBeDefined();
  });
});

describe('queueing mails after a restart', () => {
  it('continues after its checkpoint, and queues no mail twice', async () => {
    const { append, queue, runUntil, advances } = setUp();
    const [, first] = idsOf(await append(registered, verificationRequested(1)));
    await runUntil(async () => (await queue.countWaiting()) === 1);
    await queue.remove(String(first));
    const [second] = idsOf(await append(resetRequested(2)));
    await runUntil(async () => (await queue.countWaiting()) === 1);
    expect(advances).toStrictEqual([[first], [second]]);
  });

  it('queues a mail that could not be queued before', async () => {
    const { append, queue, eventStore, runUntil } = setUp();
    const [, first] = idsOf(await append(registered, verificationRequested(1)));
    const broken: MailQueue = {
      ...queue,
      advance: async () => {
        throw new Error('the database is away');
      },
    };
    const { signal } = new AbortController();
    await expect(
      createQueueMails({ eventStore, queue: broken })(signal, () => undefined),
    ).rejects.toThrow('the database is away');
    await runUntil(async () => (await queue.countWaiting()) === 1);
    expect(await queue.due(1)).toMatchObject([{ eventId: first }]);
  });
});

describe('queueing mails when events cause none', () => {
  it('queues nothing, and reads no stream of a session', async () => {
    const { append, queue, eventStore, runUntil } = setUp();
    const unmailed = { ...memberInvited, data: { ...memberInvited.data, mailed: false } };
    const events = [householdCreated, unmailed, invitationAccepted];
    await appendTo(eventStore, newStream('household'), ...events.map(newEvent));
    await appendTo(eventStore, newStream('tokenFamily'), newEvent(started));
    await append(registered, verificationRequested(1));
    await runUntil(async () => (await queue.countWaiting()) === 1);
    expect(await queue.countWaiting()).toBe(1);
  });

  it('advances its checkpoint every five hundred events', async () => {
    const { append, queue, advances, runUntil } = setUp();
    await append(registered, ...Array.from({ length: 999 }, () => displayNameChanged));
    await runUntil(async () => (await queue.checkpoint()) === '00000000000000000999');
    expect(advances).toStrictEqual([[], []]);
  });
});
