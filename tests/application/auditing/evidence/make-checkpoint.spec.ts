import { beforeEach, describe, expect, it } from 'vitest';
import { nodeSha256 } from '../../../../src/adapters/system/node-sha256.ts';
import { hashOfCheckpoint } from '../../../../src/application/auditing/evidence/verify-checkpoints.ts';
import {
  createInMemoryStoredLog,
  type InMemoryStoredLog,
} from '../../../support/event-log/in-memory-stored-log.ts';

const A = 'household-a';
const B = 'household-b';
const HASH = /^[0-9a-f]{64}$/;

let log: InMemoryStoredLog;

/** Changes an event in place, as a person with access to the database does. */
const tamper = (stream: string, revision: number): void => {
  const found = log.log.find((event) => event.stream === stream && event.revision === revision);
  if (found === undefined) throw new TypeError('no such event');
  found.event = { ...found.event, data: { name: 'forged' } };
};

beforeEach(() => {
  log = createInMemoryStoredLog();
  for (const stream of [A, A, B]) log.append(stream);
});

describe('making a checkpoint', () => {
  it('signs the head of every stream that has moved', async () => {
    const outcome = await log.makeCheckpoint();
    expect(outcome).toStrictEqual({
      kind: 'made',
      checkpoint: { number: 1, jws: expect.any(String) },
      content: {
        number: 1,
        previous: null,
        root: expect.stringMatching(HASH),
        streams: 2,
        events: 3,
        total: 3,
        accepted: 0,
      },
    });
    expect(log.checkpoints.map(({ number, leaves }) => [number, leaves])).toStrictEqual([
      [
        1,
        [
          { stream: A, from: 0, to: 1, chain: log.heads.get(A)?.chain, accepted: false },
          { stream: B, from: 0, to: 0, chain: log.heads.get(B)?.chain, accepted: false },
        ],
      ],
    ]);
  });

  it('covers only what is new, and names the hash of the checkpoint before', async () => {
    await log.makeCheckpoint();
    log.append(B);
    const [first] = log.checkpoints;
    expect(await log.makeCheckpoint()).toMatchObject({
      kind: 'made',
      content: {
        number: 2,
        previous: hashOfCheckpoint(nodeSha256, first?.jws ?? ''),
        streams: 1,
        events: 1,
        total: 4,
      },
    });
    expect(log.checkpoints[1]?.leaves).toMatchObject([{ stream: B, from: 1, to: 1 }]);
  });

  it('makes none when no stream has moved', async () => {
    await log.makeCheckpoint();
    expect(await log.makeCheckpoint()).toStrictEqual({ kind: 'nothing_new' });
    expect(log.checkpoints).toHaveLength(1);
  });
});

describe('making a checkpoint of a log that was tampered with', () => {
  it('is refused, with what was found', async () => {
    tamper(A, 1);
    expect(await log.makeCheckpoint()).toMatchObject({
      kind: 'refused',
      findings: [{ stream: A, from: 1, to: 1 }],
      totalFindings: 1,
    });
    expect(log.checkpoints).toHaveLength(0);
  });

  it('signs which streams begin anew when the operator accepts the log as it is', async () => {
    tamper(A, 1);
    expect(await log.makeCheckpoint({ accept: true })).toMatchObject({
      kind: 'made',
      content: { streams: 2, events: 1, accepted: 1 },
    });
    expect(log.checkpoints[0]?.leaves).toMatchObject([
      { stream: A, accepted: true },
      { stream: B, accepted: false },
    ]);
  });

  it('is refused after a checkpoint with another signature, unless the operator accepts it', async () => {
    await log.makeCheckpoint();
    const [first] = log.checkpoints;
    if (first === undefined) throw new TypeError('no checkpoint was made');
    first.jws = first.jws.replace(/[^.]+$/, 'AA');
    log.append(A);
    expect(await log.makeCheckpoint()).toStrictEqual({ kind: 'forged', number: 1 });
    expect(log.checkpoints).toHaveLength(1);
    expect(await log.makeCheckpoint({ accept: true })).toMatchObject({
      kind: 'made',
      content: { number: 2, previous: null },
    });
  });
});
