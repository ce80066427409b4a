import { beforeEach, describe, expect, it } from 'vitest';
import type { LogFinding } from '../../../../src/application/auditing/evidence/log-finding.ts';
import {
  chained,
  createInMemoryStoredLog,
  type InMemoryStoredLog,
  type Stored,
} from '../../../support/event-log/in-memory-stored-log.ts';

const A = 'household-a';
const B = 'household-b';
const FIRST = { number: 1, madeAt: '2026-01-01T00:00:00.000Z' };
const SECOND = { number: 2, madeAt: '2026-01-01T01:00:00.000Z' };

let log: InMemoryStoredLog;

const at = (stream: string, revision: number): Stored => {
  const found = log.log.find((event) => event.stream === stream && event.revision === revision);
  if (found === undefined) throw new TypeError('no such event');
  return found;
};

const remove = (stream: string, from: number, to = from): void => {
  const kept = log.log.filter(
    (event) => event.stream !== stream || event.revision < from || event.revision > to,
  );
  log.log.splice(0, log.log.length, ...kept);
};

/** Tampers as an attacker who knows how the chain is computed. */
const rewriteFrom = (stream: string, revision: number): void => {
  let previous = at(stream, revision - 1).event.metadata.chain;
  for (const event of log.log.filter((each) => each.stream === stream)) {
    if (event.revision < revision) continue;
    if (event.revision === revision) event.event = { ...event.event, data: { name: 'forged' } };
    event.event = chained(previous, event);
    previous = event.event.metadata.chain;
    log.heads.set(stream, { revision: event.revision, chain: previous });
  }
};

const found = async (): Promise<readonly LogFinding[]> => (await log.verifyLog()).findings;

const finding = (
  kind: LogFinding['kind'],
  stream: string,
  from: number,
  to: number,
  rest: Partial<LogFinding> = {},
): LogFinding => ({
  kind,
  stream,
  from,
  to,
  position: `at ${stream} ${from}`,
  shownBy: 'chain',
  between: { after: null, before: null },
  ...rest,
});

/** A: 0 to 5, B: 0 to 3. Checkpoint 1 has A to 2 and B to 1, checkpoint 2 has A to 4 and B to 3. */
beforeEach(async () => {
  log = createInMemoryStoredLog();
  for (const stream of [A, B, A, B, A]) log.append(stream);
  await log.makeCheckpoint();
  for (const stream of [A, B, A, B]) log.append(stream);
  await log.makeCheckpoint();
  log.append(A);
});

describe('an unchanged log', () => {
  it('passes the verification', async () => {
    expect(await log.verifyLog()).toStrictEqual({
      events: 10,
      streams: 2,
      checkpoints: 2,
      lastCheckpoint: SECOND,
      checkpointFindings: [],
      findings: [],
      totalFindings: 0,
    });
  });

  it('adds only new events to the next checkpoint', async () => {
    expect(await log.makeCheckpoint()).toMatchObject({
      kind: 'made',
      content: { number: 3, streams: 1, events: 1, total: 10, accepted: 0 },
    });
    expect(await log.makeCheckpoint()).toStrictEqual({ kind: 'nothing_new' });
  });
});

describe('a log in which an event was tampered with', () => {
  it('shows the event with a changed byte, and that no checkpoint covers it', async () => {
    at(A, 1).event = { ...at(A, 1).event, data: { name: 'Name 2' } };
    expect(await found()).toStrictEqual([
      finding('altered', A, 1, 1, { between: { after: FIRST, before: null } }),
    ]);
  });

  it('shows a changed chain value at its event, not at the one after it', async () => {
    const { event } = at(A, 3);
    at(A, 3).event = { ...event, metadata: { ...event.metadata, chain: 'f'.repeat(64) } };
    expect(await found()).toStrictEqual([
      finding('altered', A, 3, 3, { between: { after: SECOND, before: null } }),
    ]);
  });

  it('shows a removed event by the gap', async () => {
    remove(A, 3);
    expect(await found()).toStrictEqual([
      finding('missing', A, 3, 3, {
        position: `at ${A} 4`,
        between: { after: SECOND, before: null },
      }),
    ]);
  });

  it('shows both events of a swapped pair', async () => {
    const [first, second] = [at(A, 1), at(A, 2)];
    [first.event, second.event] = [second.event, first.event];
    expect(await found()).toStrictEqual([
      finding('altered', A, 1, 2, { between: { after: FIRST, before: null } }),
    ]);
  });

  it('shows a pair that was swapped in the order of the log', async () => {
    const [i, j] = [log.log.indexOf(at(B, 2)), log.log.indexOf(at(B, 3))];
    [log.log[i], log.log[j]] = [at(B, 3), at(B, 2)];
    expect((await found()).map(({ kind, stream, from }) => [kind, stream, from])).toStrictEqual([
      ['missing', B, 2],
      ['misplaced', B, 2],
    ]);
  });

  it('shows an event that was moved to another stream in both streams', async () => {
    const moved = at(B, 3);
    remove(B, 3);
    log.log.push({ ...moved, stream: A, revision: 6 });
    expect(
      (await found()).map(({ kind, stream, from, to }) => [kind, stream, from, to]),
    ).toStrictEqual([
      ['altered', A, 6, 6],
      ['unrecorded', A, 6, 6],
      ['cut_off', B, 3, 3],
    ]);
  });

  it('shows events that were not appended by the service', async () => {
    const before = structuredClone(log.heads);
    log.append(B);
    log.append('household-c');
    log.heads.clear();
    for (const [stream, head] of before) log.heads.set(stream, head);
    expect(await found()).toStrictEqual([
      finding('unrecorded', B, 4, 4, { position: null, shownBy: 'head' }),
      finding('unrecorded', 'household-c', 0, 0, { position: null, shownBy: 'head' }),
    ]);
  });
});

describe('a log whose end was cut off', () => {
  it('shows it by the heads if no checkpoint covers the end', async () => {
    remove(A, 5);
    expect(await found()).toStrictEqual([
      finding('cut_off', A, 5, 5, { position: null, shownBy: 'head' }),
    ]);
  });

  it('shows it by the checkpoint if the heads were changed as well', async () => {
    remove(A, 2, 5);
    log.heads.set(A, { revision: 1, chain: at(A, 1).event.metadata.chain });
    expect(await found()).toStrictEqual([
      finding('cut_off', A, 2, 4, {
        position: null,
        shownBy: 'checkpoint',
        between: { after: SECOND, before: null },
      }),
    ]);
  });

  it('names a stream that is missing entirely', async () => {
    remove(B, 0, 9);
    log.heads.delete(B);
    expect(await found()).toStrictEqual([
      finding('stream_missing', B, 0, 3, {
        position: null,
        shownBy: 'checkpoint',
        between: { after: SECOND, before: null },
      }),
    ]);
  });
});

describe('a stream that was rewritten with a valid chain', () => {
  it('is shown by the checkpoints, with the first rewritten event and the time', async () => {
    rewriteFrom(A, 4);
    expect(await found()).toStrictEqual([
      finding('rewritten', A, 3, 4, {
        shownBy: 'checkpoint',
        between: { after: SECOND, before: null },
      }),
    ]);
  });

  it('is shown by the heads alone after the last checkpoint', async () => {
    const head = log.heads.get(A) ?? { revision: 0, chain: '' };
    rewriteFrom(A, 5);
    expect(await found()).toStrictEqual([]);
    log.heads.set(A, head);
    expect(await found()).toStrictEqual([
      finding('rewritten', A, 5, 5, {
        shownBy: 'head',
        between: { after: SECOND, before: null },
      }),
    ]);
  });
});

describe('a checkpoint of a changed log', () => {
  it('is refused with the findings', async () => {
    rewriteFrom(A, 4);
    remove(B, 0, 9);
    log.heads.delete(B);
    expect(await log.makeCheckpoint()).toMatchObject({
      kind: 'refused',
      findings: [
        { kind: 'stream_missing', stream: B, from: 0, to: 3 },
        { kind: 'altered', stream: A, from: 5, to: 5 },
      ],
    });
    expect(log.checkpoints).toHaveLength(2);
  });

  it('is refused for an event whose chain value is wrong', async () => {
    at(A, 5).event = { ...at(A, 5).event, data: {} };
    expect(await log.makeCheckpoint()).toMatchObject({
      kind: 'refused',
      findings: [{ kind: 'altered', stream: A, from: 5, to: 5 }],
    });
  });

  it('is made if the change is accepted, and the log then passes the verification', async () => {
    rewriteFrom(A, 4);
    remove(B, 0, 9);
    log.heads.delete(B);
    expect(await log.makeCheckpoint({ accept: true })).toMatchObject({
      kind: 'made',
      content: { number: 3, streams: 2, accepted: 2 },
    });
    expect(await log.verifyLog()).toMatchObject({ findings: [], checkpointFindings: [] });
    log.append(A);
    log.append(B);
    expect(await log.makeCheckpoint()).toMatchObject({ kind: 'made', content: { accepted: 0 } });
    rewriteFrom(A, 3);
    expect(await found()).toMatchObject([{ kind: 'rewritten', stream: A }]);
  });
});

describe('checkpoints that were tampered with', () => {
  const kinds = async (options = {}) =>
    (await log.verifyLog(options)).checkpointFindings.map(({ kind, number, source }) => [
      kind,
      number,
      source,
    ]);

  it('are found by a changed leaf', async () => {
    const [leaf] = log.checkpoints[0]?.leaves ?? [];
    if (leaf !== undefined) log.checkpoints[0]?.leaves.splice(0, 1, { ...leaf, to: leaf.to + 1 });
    expect(await kinds()).toStrictEqual([['altered', 1, 'database']]);
  });

  it('are found by one that was removed in the middle', async () => {
    await log.makeCheckpoint();
    log.checkpoints.splice(1, 1);
    expect(await kinds()).toStrictEqual([['removed', 2, 'database']]);
  });

  it('are found by one without a valid signature', async () => {
    const [first] = log.checkpoints;
    if (first === undefined) throw new TypeError('there is one');
    const forged = `${first.jws.slice(0, first.jws.lastIndexOf('.'))}.${'A'.repeat(86)}`;
    log.checkpoints.splice(0, 2, { ...first, jws: forged });
    expect(await kinds()).toStrictEqual([['unsigned', 1, 'database']]);
  });

  it('are found by one that was signed again and is not named by the next', async () => {
    log.checkpoints.splice(0, 1);
    const [second] = log.checkpoints.splice(0, 1);
    await log.makeCheckpoint();
    if (second !== undefined) log.checkpoints.push(second);
    expect(await kinds()).toStrictEqual([['unlinked', 2, 'database']]);
  });

  it('are found only by a copy kept elsewhere if the last ones were removed', async () => {
    const file = log.exported();
    log.checkpoints.pop();
    expect(await kinds()).toStrictEqual([]);
    expect(await kinds({ file })).toStrictEqual([['removed', 2, 'database']]);
    await log.makeCheckpoint();
    expect(await kinds({ file })).toStrictEqual([['differs', 2, 'database']]);
  });

  it('do not hide a cut of the log if all of them are removed', async () => {
    const file = log.exported();
    log.checkpoints.splice(0, 2);
    remove(B, 0, 9);
    log.heads.delete(B);
    await log.makeCheckpoint();
    expect((await log.verifyLog()).findings).toStrictEqual([]);
    const { findings, checkpointFindings } = await log.verifyLog({ file });
    expect(findings).toMatchObject([{ kind: 'stream_missing', stream: B, from: 0, to: 3 }]);
    expect(checkpointFindings.map(({ kind }) => kind)).toStrictEqual(['differs', 'removed']);
  });

  it('are found by one that was made without earlier leaves', async () => {
    const [first, second] = log.checkpoints;
    const hidden = [first?.leaves.splice(0), second?.leaves.splice(0)];
    rewriteFrom(A, 2);
    await log.makeCheckpoint();
    first?.leaves.push(...(hidden[0] ?? []));
    second?.leaves.push(...(hidden[1] ?? []));
    expect(await kinds()).toStrictEqual([['detached', 3, 'database']]);
    expect(await found()).toMatchObject([{ kind: 'rewritten', stream: A, from: 0, to: 2 }]);
  });
});
