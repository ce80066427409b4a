import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Position } from '../../../../src/application/kernel/event-store.ts';
import { createQueueMails } from '../../../../src/application/mail/queue-mails.ts';
import { tokens } from '../../../../src/composition/system-tokens.ts';
import {
  openTwoStores,
  refresh,
  type SignedInUser,
  signUp,
  type TwoStores,
} from '../../../support/event-log/two-stores.ts';
import { eventually } from '../../../support/kernel/eventually.ts';
import type { ComposedSystem } from '../../../support/servers/composed-system.ts';

let stores: TwoStores;
let here: ComposedSystem;
beforeEach(async () => {
  stores = await openTwoStores();
  here = await stores.open('postgres');
});
afterEach(() => stores?.close());

const registrationOf = async (system: ComposedSystem, { id }: SignedInUser) => {
  const stream = { category: 'user', id } as const;
  const { events, firstBroken } = await system.get(tokens.eventStore).readStream(stream);
  return { data: events[0]?.event.data, firstBroken };
};

describe('when a log with personal data is copied', () => {
  it('personal data is readable by the service and encrypted in the other store', async () => {
    const ann = await signUp(here);

    await stores.copy('eventstoredb');

    const there = await stores.open('eventstoredb');
    expect(await registrationOf(there, ann)).toStrictEqual(await registrationOf(here, ann));
    expect(await registrationOf(there, ann)).toMatchObject({
      data: { email: ann.email },
      firstBroken: undefined,
    });
    const told = stores.double.events().map((event) => JSON.stringify(event.data));
    expect(told.filter((text) => text.includes('example.com'))).toStrictEqual([]);
  });

  it('erased users stay erased, there and back', async () => {
    const ann = await signUp(here);
    const ben = await signUp(here);
    await stores.database.query({
      text: 'DELETE FROM subject_keys WHERE subject_id = $1',
      values: [ann.id],
    });
    const erased = { data: { email: '[erased]' }, firstBroken: undefined };

    await stores.copy('eventstoredb');

    const there = await stores.open('eventstoredb');
    expect(await registrationOf(there, ann)).toMatchObject(erased);
    await refresh(there, ben);
    await stores.copy('postgres');
    const back = await stores.open('postgres');
    expect(await registrationOf(back, ann)).toMatchObject(erased);
    expect(await registrationOf(back, ben)).toMatchObject({ data: { email: ben.email } });
  });
});

describe('when the policy that sends mails follows the log', () => {
  /** Registers users for whom mails are queued. */
  const waiting = async (): Promise<readonly string[]> => {
    const rows = await stores.database.query<{ stream_id: string }>({
      text: 'SELECT stream_id FROM mail_queue ORDER BY queued_at, event_id',
    });
    return rows.map(({ stream_id: name }) => name.slice('user-'.length));
  };

  const queueFrom = (system: ComposedSystem) => {
    const over = new AbortController();
    const running = createQueueMails({
      eventStore: system.get(tokens.eventStore),
      queue: system.get(tokens.mailQueue),
    })(over.signal, () => undefined);
    return {
      running,
      stop: () => {
        over.abort();
        return running;
      },
    };
  };

  /** Waits until `count` mails are queued, and deletes them as if they were sent. */
  const send = async (system: ComposedSystem, count: number): Promise<readonly string[]> => {
    const policy = queueFrom(system);
    await eventually(async () => (await waiting()).length >= count, `${count} mails`);
    await policy.stop();
    const sent = await waiting();
    await stores.database.query({ text: 'DELETE FROM mail_queue' });
    return sent;
  };

  it('it continues at its position: no mail is lost or sent twice', async () => {
    const ann = await signUp(here);
    expect(await send(here, 1)).toStrictEqual([ann.id]);
    const ben = await signUp(here);

    await stores.copy('eventstoredb');
    const there = await stores.open('eventstoredb');
    const eve = await signUp(there);
    expect(await send(there, 2)).toStrictEqual([ben.id, eve.id]);
    const dan = await signUp(there);

    await stores.copy('postgres');
    const fay = await signUp(here);
    expect(await send(here, 2)).toStrictEqual([dan.id, fay.id]);
  });

  it('it starts at the beginning when it had not started before', async () => {
    const ann = await signUp(here);
    await stores.copy('eventstoredb');
    const there = await stores.open('eventstoredb');
    expect(await send(there, 1)).toStrictEqual([ann.id]);
  });

  it('it queues no mail in a server that has not noticed the move', async () => {
    const ann = await signUp(here);
    expect(await send(here, 1)).toStrictEqual([ann.id]);
    const untold = queueFrom(here);
    const ben = await signUp(here);
    await eventually(async () => (await waiting()).length === 1, 'the mail for Ben');
    await stores.database.query({ text: 'DELETE FROM mail_queue' });
    await stores.copy('eventstoredb');
    const { checkpoint } = (await stores.open('eventstoredb')).get(tokens.mailQueue);
    const position = await checkpoint();

    await here.get(tokens.mailQueue).advance('~' as Position, [
      {
        eventId: '01a1ff1f-0000-7000-8000-000000000003',
        stream: { category: 'user', id: ben.id },
      },
    ]);

    expect(await waiting()).toStrictEqual([]);
    expect(await checkpoint()).toBe(position);
    await expect(here.get(tokens.mailQueue).checkpoint()).rejects.toThrow(
      'the event log has moved',
    );
    await untold.stop();
  });
});
