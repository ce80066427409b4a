import { describe, expect, it } from 'vitest';
import { createDeliverMails } from '../../../src/application/mail/deliver-mails.ts';
import { type Mail, MailRefused } from '../../../src/application/mail/mailer.ts';
import {
  ANN,
  ANNA,
  changed,
  passwordChanged,
  verificationRequested,
} from '../../support/events/account-fixtures.ts';
import {
  householdDeleted,
  invitationResent,
  invitationRevoked,
  memberInvited,
} from '../../support/events/household-event-fixtures.ts';
import { createManualClock } from '../../support/events/manual-clock.ts';
import {
  householdCreated,
  householdStream,
} from '../../support/events/projected-event-fixtures.ts';
import { recorded } from '../../support/events/recorded-events.ts';
import { registered } from '../../support/events/user-fixtures.ts';
import { createScriptedEventStore } from '../../support/kernel/scripted-event-store.ts';
import { createInMemoryMailQueue } from '../../support/mail/in-memory-mail-queue.ts';
import { aMail, mailContents } from '../../support/mail/mail-fixtures.ts';
import { positionOf } from '../../support/mail/mail-queue-contract.ts';

const DAY = 86_400;
const inv = { invitationId: memberInvited.data.invitationId };

type World = Readonly<{
  /** How many causes there are in the log. */
  mails?: number;
  /** Nothing to be said any more. */
  silent?: boolean;
  send?: (mail: Mail) => Promise<void>;
}>;

const setUp = async ({ mails = 1, silent = false, send = async () => undefined }: World = {}) => {
  const clock = createManualClock();
  const queue = createInMemoryMailQueue(clock);
  const events = Array.from({ length: mails }, (_, n) => recorded(verificationRequested(n), n));
  const { store } = createScriptedEventStore({
    records: { 'user-user_ann': [recorded(registered, 99), ...events] },
  });
  await queue.advance(
    positionOf(0),
    events.map(({ eventId, stream }) => ({ eventId, stream })),
  );
  const sent: string[] = [];
  const lines: string[] = [];
  const deliver = createDeliverMails({
    eventStore: store,
    queue,
    composeMail: async ({ eventId }) => (silent ? undefined : aMail({ id: eventId, to: ANN })),
    composeInvitationMail: async () => undefined,
    mailer: {
      send: async (mail) => {
        await send(mail);
        sent.push(mail.id);
      },
    },
    clock,
    log: (line) => void lines.push(line),
  });
  return { clock, queue, sent, lines, deliver };
};

const failing = (error: unknown) => async () => {
  throw error;
};

describe('delivering due mails', () => {
  it('sends one after another, the oldest first, and removes each from the queue', async () => {
    const { deliver, sent, queue, lines } = await setUp({ mails: 3 });
    expect(await deliver()).toBe(3);
    expect(sent).toStrictEqual(['event-0', 'event-1', 'event-2']);
    expect(await queue.countWaiting()).toBe(0);
    expect(lines).toStrictEqual([]);
    expect(await deliver()).toBe(0);
  });

  it('takes twenty at a time', async () => {
    const { deliver, sent, queue } = await setUp({ mails: 25 });
    expect(await deliver()).toBe(20);
    expect(await queue.countWaiting()).toBe(5);
    expect(await deliver()).toBe(5);
    expect(sent).toHaveLength(25);
  });

  it('removes a mail that has become pointless', async () => {
    const { deliver, sent, queue, lines } = await setUp({ silent: true });
    expect(await deliver()).toBe(1);
    expect([sent, lines, await queue.countWaiting()]).toStrictEqual([[], [], 0]);
  });

  it('removes a mail whose event is not in the log', async () => {
    const { deliver, sent, queue } = await setUp({ mails: 0 });
    const stream = { category: 'user', id: 'user_ben' } as const;
    await queue.advance(positionOf(1), [{ eventId: 'event-9', stream }]);
    expect(await deliver()).toBe(1);
    expect([sent, await queue.countWaiting()]).toStrictEqual([[], 0]);
  });
});

describe('delivering the mail of an invitation that is not open any more', () => {
  it.each([
    ['the household is gone', householdDeleted],
    ['it is revoked', { ...invitationRevoked, data: { ...invitationRevoked.data, ...inv } }],
    ['a later mail has another token', invitationResent],
  ])('sends nothing: %s', async (_, event) => {
    const clock = createManualClock();
    const queue = createInMemoryMailQueue(clock);
    const events = [householdCreated, memberInvited, event].map((each, n) => ({
      ...recorded(each, n),
      stream: householdStream,
    }));
    const { store } = createScriptedEventStore({ records: { 'household-hh_home': events } });
    await queue.advance(positionOf(0), [{ eventId: 'event-1', stream: householdStream }]);
    const lines: string[] = [];
    const never = async () => {
      throw new TypeError('no mail is to be sent');
    };
    const deliver = createDeliverMails({
      eventStore: store,
      queue,
      composeMail: never,
      composeInvitationMail: never,
      mailer: { send: never },
      clock,
      log: (line) => void lines.push(line),
    });
    await deliver();
    expect([await queue.countWaiting(), lines]).toStrictEqual([0, []]);
  });
});

describe('delivering the mail of an open invitation', () => {
  it('needs no account of the invited address', async () => {
    const clock = createManualClock();
    const queue = createInMemoryMailQueue(clock);
    const events = [householdCreated, memberInvited].map((event, n) => ({
      ...recorded(event, n),
      stream: householdStream,
    }));
    const { store } = createScriptedEventStore({ records: { 'household-hh_home': events } });
    await queue.advance(positionOf(0), [{ eventId: 'event-1', stream: householdStream }]);
    const sent: Mail[] = [];
    const invitation = aMail({ id: 'event-1', content: mailContents.household_invitation });
    const causes: unknown[] = [];
    const deliver = createDeliverMails({
      eventStore: store,
      queue,
      composeMail: async () => undefined,
      composeInvitationMail: async (cause) => {
        causes.push(cause);
        return invitation;
      },
      mailer: { send: async (mail) => void sent.push(mail) },
      clock,
      log: () => undefined,
    });
    await deliver();
    expect([sent, causes]).toStrictEqual([[invitation], events.slice(1)]);
    expect(await queue.countWaiting()).toBe(0);
  });
});

describe('delivering a mail after the account has changed', () => {
  it('composes the mail of the account as it was at the event', async () => {
    const clock = createManualClock();
    const queue = createInMemoryMailQueue(clock);
    const past = [registered, passwordChanged('change', 1), changed(0, 1, 2)];
    const events = past.map((event, n) => recorded(event, n));
    const { store } = createScriptedEventStore({ records: { 'user-user_ann': events } });
    const causes = events.slice(1).map(({ eventId, stream }) => ({ eventId, stream }));
    await queue.advance(positionOf(0), causes);
    const told: [string, string | null][] = [];
    const deliver = createDeliverMails({
      eventStore: store,
      queue,
      composeMail: async ({ event }, { email }) => {
        told.push([event.type, email]);
        return undefined;
      },
      composeInvitationMail: async () => undefined,
      mailer: { send: async () => undefined },
      clock,
      log: () => undefined,
    });
    await deliver();
    expect(told).toStrictEqual([
      ['PasswordChanged', ANN],
      ['EmailChanged', ANNA],
    ]);
  });
});

describe('delivering a mail that the server refuses', () => {
  it('removes it from the queue', async () => {
    const { deliver, queue, lines } = await setUp({ send: failing(new MailRefused('SMTP 550')) });
    await deliver();
    expect(await queue.countWaiting()).toBe(0);
    expect(lines).toStrictEqual(['mail for event event-0 is given up: SMTP 550']);
  });

  it('delivers the other mails', async () => {
    const { deliver, sent, queue } = await setUp({
      mails: 3,
      send: async ({ id }) => {
        if (id === 'event-1') throw new MailRefused('SMTP 550');
      },
    });
    await deliver();
    expect(sent).toStrictEqual(['event-0', 'event-2']);
    expect(await queue.countWaiting()).toBe(0);
  });
});

describe('delivering a mail that cannot be sent now', () => {
  it('postpones it, and sends it later', async () => {
    let away = true;
    const { deliver, sent, queue, lines, clock } = await setUp({
      send: async () => {
        if (away) throw new Error('ECONNREFUSED');
      },
    });
    await deliver();
    expect([sent, await queue.countWaiting()]).toStrictEqual([[], 1]);
    expect(lines).toStrictEqual(['mail for event event-0 has to wait: ECONNREFUSED']);
    away = false;
    expect(await deliver()).toBe(0);
    clock.advance(1);
    expect(await deliver()).toBe(1);
    expect([sent, await queue.countWaiting()]).toStrictEqual([['event-0'], 0]);
  });

  it('doubles the wait each time, up to five minutes', async () => {
    const { deliver, queue, clock } = await setUp({ send: failing(new Error('ECONNREFUSED')) });
    const pauses: number[] = [];
    for (let attempt = 0; attempt < 11; attempt += 1) {
      await deliver();
      let pause = 0;
      while ((await queue.due(1)).length === 0) {
        clock.advance(1);
        pause += 1;
      }
      pauses.push(pause);
    }
    expect(pauses).toStrictEqual([1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300]);
  });

  it('does not delay the other mails', async () => {
    const { deliver, sent, queue } = await setUp({
      mails: 3,
      send: async ({ id }) => {
        if (id === 'event-0') throw new Error('greylisted');
      },
    });
    expect(await deliver()).toBe(3);
    expect(sent).toStrictEqual(['event-1', 'event-2']);
    expect(await queue.countWaiting()).toBe(1);
  });

  it('removes it from the queue after three days', async () => {
    const { deliver, queue, lines, clock } = await setUp({
      send: failing(new Error('ECONNREFUSED')),
    });
    clock.advance(3 * DAY);
    await deliver();
    expect(await queue.countWaiting()).toBe(1);
    clock.advance(1);
    await deliver();
    expect(await queue.countWaiting()).toBe(0);
    expect(lines.at(-1)).toBe('mail for event event-0 is given up: ECONNREFUSED');
  });

  it('sends it after three days when it can be sent then', async () => {
    const { deliver, sent, clock } = await setUp();
    clock.advance(30 * DAY);
    await deliver();
    expect(sent).toStrictEqual(['event-0']);
  });

  it('logs no text of a value that is not an error', async () => {
    const { deliver, lines } = await setUp({ send: failing(`nobody at ${ANN}`) });
    await deliver();
    expect(lines).toStrictEqual(['mail for event event-0 has to wait: unknown']);
  });
});
