import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { LogFinding } from '../../../../src/application/auditing/evidence/log-finding.ts';
import {
  chained,
  createInMemoryStoredLog,
  type InMemoryStoredLog,
  type Stored,
} from '../../../support/event-log/in-memory-stored-log.ts';

const STREAMS = ['household-a', 'user-b', 'tokenFamily-c'];

/** An append to one of the streams, or a checkpoint. */
const actions = fc.array(fc.constantFrom('checkpoint', ...STREAMS), {
  minLength: 1,
  maxLength: 30,
});

const build = async (steps: readonly string[]): Promise<InMemoryStoredLog> => {
  const log = createInMemoryStoredLog();
  log.append('household-a');
  for (const step of steps) {
    if (step === 'checkpoint') await log.makeCheckpoint();
    else log.append(step);
  }
  return log;
};

/** A finding without its position in the log. */
const seen = async (log: InMemoryStoredLog) => {
  const { findings, checkpointFindings } = await log.verifyLog();
  expect(checkpointFindings).toStrictEqual([]);
  return findings.map(({ kind, stream, from, to, between }: LogFinding) => ({
    kind,
    stream,
    from,
    to,
    after: between.after?.number ?? null,
  }));
};

/** A log, one of its events, and the leaves of its stream. */
const withTarget = async (steps: readonly string[], pick: number) => {
  const log = await build(steps);
  const target = log.log[pick % log.log.length];
  if (target === undefined) throw new TypeError('there is an event');
  const { stream, revision } = target;
  const events = log.log.filter((event) => event.stream === stream);
  const leaves = log.checkpoints.flatMap(({ number, leaves: all }) =>
    all.filter((leaf) => leaf.stream === stream).map((leaf) => ({ ...leaf, number })),
  );
  const covering = leaves.filter(({ to }) => to >= revision);
  return { log, target, stream, revision, events, last: events.length - 1, leaves, covering };
};

const property = (check: (found: Awaited<ReturnType<typeof withTarget>>) => Promise<void>) =>
  fc.assert(
    fc.asyncProperty(actions, fc.nat(), async (steps, pick) =>
      check(await withTarget(steps, pick)),
    ),
    { numRuns: 60 },
  );

const keep = (log: InMemoryStoredLog, wanted: (event: Stored) => boolean): void => {
  log.log.splice(0, log.log.length, ...log.log.filter(wanted));
};

describe('the verification of a random log', () => {
  it('finds nothing in an unchanged log', () =>
    property(async ({ log }) => {
      expect(await seen(log)).toStrictEqual([]);
      expect((await log.makeCheckpoint()).kind).not.toBe('refused');
    }));

  it('locates a changed event', () =>
    property(async ({ log, target, stream, revision, covering }) => {
      const { event } = target;
      target.event = { ...event, metadata: { ...event.metadata, actor: 'user_eve' } };
      const after = covering[0]?.number ?? null;
      expect(await seen(log)).toStrictEqual([
        { kind: 'altered', stream, from: revision, to: revision, after },
      ]);
    }));

  it('locates a changed chain value', () =>
    property(async ({ log, target, stream, revision, covering }) => {
      const { event } = target;
      target.event = { ...event, metadata: { ...event.metadata, chain: 'e'.repeat(64) } };
      const after = covering[0]?.number ?? null;
      expect(await seen(log)).toStrictEqual([
        { kind: 'altered', stream, from: revision, to: revision, after },
      ]);
    }));

  it('finds a removed event, in the middle or at the end', () =>
    property(async ({ log, target, stream, revision, last, covering }) => {
      keep(log, (event) => event !== target);
      const inMiddle = revision < last;
      const kind = inMiddle ? 'missing' : last === 0 ? 'stream_missing' : 'cut_off';
      const after = (inMiddle ? covering[0] : covering.at(-1))?.number ?? null;
      expect(await seen(log)).toStrictEqual([
        { kind, stream, from: revision, to: revision, after },
      ]);
    }));

  it('finds an end that was cut off the heads as well, if a checkpoint covers it', () =>
    property(async ({ log, stream, revision, events, covering }) => {
      keep(log, (event) => event.stream !== stream || event.revision < revision);
      const end = events[revision - 1];
      if (end === undefined) log.heads.delete(stream);
      else log.heads.set(stream, { revision: end.revision, chain: end.event.metadata.chain });
      const witness = covering.at(-1);
      const kind = revision === 0 ? 'stream_missing' : 'cut_off';
      expect(await seen(log)).toStrictEqual(
        witness === undefined
          ? []
          : [{ kind, stream, from: revision, to: witness.to, after: witness.number }],
      );
    }));

  it('finds both events of a swapped pair', () =>
    property(async ({ log, target, stream, revision, events, covering }) => {
      const next = events[revision + 1];
      if (next === undefined) return;
      [target.event, next.event] = [next.event, target.event];
      const after = covering[0]?.number ?? null;
      expect(await seen(log)).toStrictEqual([
        { kind: 'altered', stream, from: revision, to: revision + 1, after },
      ]);
    }));

  it('finds an event that was copied to the end of another stream', () =>
    property(async ({ log, target }) => {
      const stream = 'household-other';
      log.append(stream);
      log.log.push({ stream, revision: 1, event: target.event });
      expect(await seen(log)).toStrictEqual([
        { kind: 'altered', stream, from: 1, to: 1, after: null },
        { kind: 'unrecorded', stream, from: 1, to: 1, after: null },
      ]);
    }));

  it('finds a rewritten history, if a checkpoint covers the old one', () =>
    property(async ({ log, target, stream, revision, events, leaves, covering }) => {
      target.event = { ...target.event, data: { name: 'forged' } };
      let previous = events[revision - 1]?.event.metadata.chain ?? '0'.repeat(64);
      for (const event of events.slice(revision)) {
        event.event = chained(previous, event);
        previous = event.event.metadata.chain;
      }
      log.heads.set(stream, { revision: events.length - 1, chain: previous });
      const [first] = covering;
      const from = (leaves.filter(({ to }) => to < revision).at(-1)?.to ?? -1) + 1;
      expect(await seen(log)).toStrictEqual(
        first === undefined
          ? []
          : [{ kind: 'rewritten', stream, from, to: first.to, after: leaves.at(-1)?.number }],
      );
    }));

  it('lets no checkpoint be signed after a change of an event since the last one', () =>
    property(async ({ log, target, stream, revision, covering }) => {
      target.event = { ...target.event, type: 'Forged' };
      const outcome = await log.makeCheckpoint();
      if (covering.length > 0) expect(outcome.kind).not.toBe('refused');
      else {
        expect(outcome).toMatchObject({
          kind: 'refused',
          findings: [{ kind: 'altered', stream, from: revision, to: revision }],
        });
      }
    }));
});
