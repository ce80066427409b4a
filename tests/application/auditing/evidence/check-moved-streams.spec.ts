import { describe, expect, it } from 'vitest';
import { checkMovedStreams } from '../../../../src/application/auditing/evidence/check-moved-streams.ts';
import { createFindingList } from '../../../../src/application/auditing/evidence/finding-list.ts';
import type { StreamSpan } from '../../../../src/application/auditing/evidence/stored-log.ts';
import { createInMemoryStoredLog } from '../../../support/event-log/in-memory-stored-log.ts';

const LONG = 'user-long';
const SHORT = ['household-a', 'household-b'];

/** A stream of 4,500 events, and two short ones. */
const streams = () => {
  const log = createInMemoryStoredLog();
  for (let i = 0; i < 4_500; i += 1) log.append(LONG);
  for (const stream of SHORT) log.append(stream);
  const moved = [...SHORT, LONG].map((stream) => ({
    stream,
    leaf: undefined,
    head: log.heads.get(stream),
  }));
  const entries = new Map<string, Awaited<ReturnType<typeof log.view.readStream>>>();
  const asked: (readonly StreamSpan[])[] = [];
  const readSpans = async (spans: readonly StreamSpan[]) => {
    asked.push(spans);
    const found = [];
    for (const { stream, from, to } of spans) {
      const events = entries.get(stream) ?? (await log.view.readStream(stream));
      entries.set(stream, events);
      found.push(...events.slice(from, to + 1));
    }
    return found;
  };
  return { log, moved, asked, readSpans };
};

describe('streams that have grown by more events than fit into one batch', () => {
  it('are verified batch by batch, without a gap', async () => {
    const { moved, asked, readSpans } = streams();
    const findings = createFindingList();
    const leaves = await checkMovedStreams({ readSpans }, moved, findings);

    expect(findings.kept()).toStrictEqual([]);
    expect(
      leaves.map(({ stream, from, to, accepted }) => [stream, from, to, accepted]),
    ).toStrictEqual([
      ['household-a', 0, 0, false],
      ['household-b', 0, 0, false],
      [LONG, 0, 4_499, false],
    ]);
    expect(asked).toStrictEqual([
      SHORT.map((stream) => ({ stream, from: 0, to: 0 })),
      [{ stream: LONG, from: 0, to: 1_999 }],
      [{ stream: LONG, from: 2_000, to: 3_999 }],
      [{ stream: LONG, from: 4_000, to: 4_499 }],
    ]);
  });

  it('show a fault of the first event of a batch', async () => {
    const { log, moved, readSpans } = streams();
    const event = log.log[2_000];
    if (event !== undefined) event.event = { ...event.event, type: 'Forged' };
    const findings = createFindingList();
    await checkMovedStreams({ readSpans }, moved, findings);

    expect(findings.kept()).toMatchObject([
      { kind: 'altered', stream: LONG, from: 2_000, to: 2_000 },
    ]);
  });
});
