import { status } from '@grpc/grpc-js';
import { describe, expect, it } from 'vitest';
import { WrongExpectedNumber } from '../../../../../src/adapters/event-store/eventstoredb/client/eventstoredb-connection.ts';
import {
  aStream,
  counted,
  countedTo,
  idsOf,
  MAX_REFUSED,
  MAX_UNANSWERED,
  outcomeOf,
  SHORT_TIMEOUT_OPTIONS,
  useDoubles,
} from '../../../../support/event-log/eventstoredb-client-fixtures.ts';
import type { Fault } from '../../../../support/event-store-double/services/fault-plan.ts';
import { eventually } from '../../../../support/kernel/eventually.ts';

const open = useDoubles();

const PASSING = [
  ['cancelled', status.CANCELLED],
  ['deadline exceeded', status.DEADLINE_EXCEEDED],
  ['resource exhausted', status.RESOURCE_EXHAUSTED],
  ['aborted', status.ABORTED],
  ['a reset stream', status.INTERNAL],
  ['unavailable', status.UNAVAILABLE],
] as const;

const REFUSED = { code: 'service_unavailable', retryAfterSeconds: 1 };
/** The server's answer when it does not recognise a repeated append. */
const CONFLICT: Fault = {
  kind: 'fail',
  code: status.FAILED_PRECONDITION,
  metadata: {
    exception: 'wrong-expected-version',
    'stream-name': 'any',
    'expected-version': '-1',
    'actual-version': '1',
  },
};

describe('an append', () => {
  it('is stored at the expected number with all fields of its events', async () => {
    const double = await open();
    const [client, stream, events] = [double.connect(), aStream(), countedTo(3)];
    const first = await client.append(stream, 'none', events.slice(0, 2));
    const last = await client.append(stream, 1n, events.slice(2));
    const stored = double.events();
    expect(stored).toStrictEqual(
      events.map(({ id, type, data, metadata }, i) => ({
        eventId: id,
        stream: `ours-${stream}`,
        revision: BigInt(i),
        position: expect.any(BigInt),
        type,
        data,
        metadata,
      })),
    );
    expect([first?.commit, last?.commit]).toStrictEqual([stored[1]?.position, stored[2]?.position]);
  });

  it('does not query server features, and is never batched', async () => {
    const double = await open();
    double.faults.always('features', { kind: 'hang' });
    await double.connect().append(aStream(), 'none', [counted(0)]);
    expect(double.calls()).toStrictEqual({ append: 1 });
  });

  it.each([
    ['none', 'none'],
    ['a number it has passed', 0n],
    ['a number it has not reached', 5n],
  ] as const)('is refused at once when %s is expected', async (_what, expected) => {
    const double = await open();
    const [client, stream] = [double.connect(), aStream()];
    await client.append(stream, 'none', countedTo(2));
    const attempt = client.append(stream, expected, [counted(9)]);
    await expect(attempt).rejects.toThrow(WrongExpectedNumber);
    expect(double.calls()).toStrictEqual({ append: 2 });
    expect(double.events()).toHaveLength(2);
  });
});

describe('an append with a transient failure', () => {
  it.each(PASSING)('is retried: %s', async (_name, code) => {
    const double = await open();
    double.faults.next('append', { kind: 'fail', code }, 2);
    const [client, events] = [double.connect(), countedTo(2)];
    const position = await client.append(aStream(), 'none', events);
    expect(double.events().map(({ eventId }) => eventId)).toStrictEqual(idsOf(events));
    expect(position?.commit).toBe(double.events()[1]?.position);
    expect(double.calls().append).toBe(3);
  });

  it.each([
    ...PASSING.map(([name, code]) => [name, { kind: 'failAfter', code }] as const),
    ['no answer', { kind: 'lostAnswer' }] as const,
  ])('is stored once when the first attempt stored it: %s', async (_name, fault) => {
    const double = await open();
    double.faults.next('append', fault, 2);
    const [client, stream, events] = [
      double.connect(SHORT_TIMEOUT_OPTIONS),
      aStream(),
      countedTo(2),
    ];
    const position = await client.append(stream, 'none', events);
    const stored = double.events();
    expect(stored.map(({ eventId }) => eventId)).toStrictEqual(idsOf(events));
    expect(position?.commit).toBe(stored[1]?.position);
  });

  it('succeeds although another client has appended after it', async () => {
    const double = await open();
    const [client, other, stream] = [
      double.connect(SHORT_TIMEOUT_OPTIONS),
      double.connect(),
      aStream(),
    ];
    const [ours, theirs] = [counted(1), counted(2)];
    await client.append(stream, 'none', [counted(0)]);
    double.faults.next('append', { kind: 'lostAnswer' });
    const appending = client.append(stream, 0n, [ours]);
    await eventually(() => double.events().length === 2, 'the first try is stored');
    await other.append(stream, 1n, [theirs]);
    expect((await appending)?.commit).toBe(double.events()[1]?.position);
    expect(double.events().slice(1)).toMatchObject([
      { eventId: ours.id, revision: 1n },
      { eventId: theirs.id, revision: 2n },
    ]);
  });

  it('is looked up when the second attempt conflicts with the first', async () => {
    const double = await open();
    double.faults.next('append', { kind: 'failAfter', code: status.UNAVAILABLE });
    double.faults.next('append', CONFLICT);
    const position = await double.connect().append(aStream(), 'none', countedTo(2));
    expect(position).toBeUndefined(); // a stream does not tell it
    expect(double.events()).toHaveLength(2);
    expect(double.calls()).toStrictEqual({ append: 2, readStream: 1 });
  });

  it('is refused when the second attempt conflicts with another client', async () => {
    const double = await open();
    const [client, stream, first] = [double.connect(), aStream(), counted(0)];
    await client.append(stream, 'none', [first, counted(1)]);
    double.faults.next('append', { kind: 'fail', code: status.UNAVAILABLE });
    const attempt = client.append(stream, 'none', [first, counted(2)]);
    await expect(attempt).rejects.toThrow(WrongExpectedNumber);
    expect(double.events()).toHaveLength(2);
  });

  it.each([
    ['nothing is answered', { kind: 'hang' }],
    ['every try is refused', { kind: 'fail', code: status.UNAVAILABLE }],
    ['no node knows who leads', { kind: 'notLeader' }],
  ] as const)('ends in time when %s', async (_what, fault) => {
    const double = await open();
    double.faults.always('append', fault);
    const outcome = await outcomeOf(
      double.connect(SHORT_TIMEOUT_OPTIONS).append(aStream(), 'none', [counted(0)]),
    );
    expect(outcome).toMatchObject(REFUSED);
    expect(double.calls().append).toBeGreaterThanOrEqual(3);
    expect(double.calls().append).toBeLessThanOrEqual(
      fault.kind === 'hang' ? MAX_UNANSWERED : MAX_REFUSED,
    );
    expect(double.events()).toStrictEqual([]);
  });

  it('ends in time when it cannot be looked up', async () => {
    const double = await open();
    double.faults.next('append', { kind: 'failAfter', code: status.UNAVAILABLE });
    double.faults.always('append', CONFLICT);
    double.faults.always('readStream', { kind: 'hang' });
    const outcome = await outcomeOf(
      double.connect(SHORT_TIMEOUT_OPTIONS).append(aStream(), 'none', [counted(0)]),
    );
    expect(outcome).toMatchObject(REFUSED);
  });

  it.each([
    ['permission denied', status.PERMISSION_DENIED],
    ['unauthenticated', status.UNAUTHENTICATED],
  ])('is not retried when the credentials are rejected: %s', async (_name, code) => {
    const double = await open();
    double.faults.always('append', { kind: 'fail', code });
    const attempt = double.connect().append(aStream(), 'none', [counted(0)]);
    await expect(attempt).rejects.toMatchObject(REFUSED);
    expect(double.calls()).toStrictEqual({ append: 1 });
  });

  it('is not retried when the request itself is at fault', async () => {
    const double = await open();
    const large = { ...counted(0), data: { text: 'a'.repeat(1_100_000) } };
    const attempt = double.connect().append(aStream(), 'none', [large]);
    await expect(attempt).rejects.toMatchObject({ type: 'maximum-append-size-exceeded' });
    expect(double.calls()).toStrictEqual({ append: 1 });
  });
});
