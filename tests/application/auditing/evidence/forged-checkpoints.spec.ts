import { beforeEach, describe, expect, it } from 'vitest';
import { nodeSha256 } from '../../../../src/adapters/system/node-sha256.ts';
import { leafText } from '../../../../src/application/auditing/evidence/log-checkpoint.ts';
import { createMerkleTree } from '../../../../src/application/auditing/evidence/merkle-tree.ts';
import { hashOfCheckpoint } from '../../../../src/application/auditing/evidence/verify-checkpoints.ts';
import {
  chained,
  createInMemoryStoredLog,
  type InMemoryStoredLog,
} from '../../../support/event-log/in-memory-stored-log.ts';

const A = 'household-a';
const B = 'household-b';

let log: InMemoryStoredLog;

/** An attacker with write access to the database can compute chains and trees, but has no key. */
const insertCheckpoint = (number: number, content: object, accepted = false): void => {
  const head = log.heads.get(A);
  const leaf = { stream: A, from: 0, to: head?.revision ?? 0, chain: head?.chain ?? '', accepted };
  const tree = createMerkleTree(nodeSha256);
  tree.add(leafText(leaf));
  const counts = { streams: 1, events: 0, total: 2, accepted: 1, iat: 1_767_230_000 };
  const claims = { number, root: tree.root(), previous: null, ...counts, iss: 'x', ...content };
  const payload = Buffer.from(JSON.stringify(claims)).toString('base64url');
  log.checkpoints.push({ number, jws: `e30.${payload}.AA`, leaves: [leaf] });
};

const rewriteFirst = (): void => {
  let previous = '0'.repeat(64);
  for (const stored of log.log.filter(({ stream }) => stream === A)) {
    stored.event = chained(previous, { ...stored, event: { ...stored.event, type: 'Forged' } });
    previous = stored.event.metadata.chain;
    log.heads.set(A, { revision: stored.revision, chain: previous });
  }
};

beforeEach(async () => {
  log = createInMemoryStoredLog();
  for (const stream of [A, A, B]) log.append(stream);
  await log.makeCheckpoint();
});

describe('a rewritten log with an inserted checkpoint that accepts it', () => {
  beforeEach(() => {
    const [first] = log.checkpoints;
    rewriteFirst();
    insertCheckpoint(2, { previous: hashOfCheckpoint(nodeSha256, first?.jws ?? '') }, true);
    log.append(B);
  });

  it('is not signed', async () => {
    expect(await log.makeCheckpoint()).toStrictEqual({ kind: 'forged', number: 2 });
  });

  it('is still found after an operator has accepted the log', async () => {
    expect(await log.makeCheckpoint({ accept: true })).toMatchObject({
      kind: 'made',
      content: { number: 3, previous: null },
    });
    const { checkpointFindings, findings } = await log.verifyLog();
    expect(checkpointFindings).toStrictEqual([
      { kind: 'unsigned', number: 2, source: 'database' },
      { kind: 'unlinked', number: 3, source: 'database' },
    ]);
    expect(findings).toMatchObject([{ kind: 'rewritten', stream: A, shownBy: 'checkpoint' }]);
  });
});

describe('a forged checkpoint', () => {
  it('is found if its time is invalid', async () => {
    insertCheckpoint(2, { iat: Number.MAX_SAFE_INTEGER });
    expect((await log.verifyLog()).checkpointFindings).toStrictEqual([
      { kind: 'altered', number: 2, source: 'database' },
    ]);
  });

  it('reports a thousand missing ones before it if its number is huge', async () => {
    insertCheckpoint(2 ** 63, {});
    insertCheckpoint(2 ** 63 + 2 ** 20, {});
    const { checkpointFindings } = await log.verifyLog();
    expect(checkpointFindings.filter(({ number }) => number <= 1_001)).toHaveLength(1_000);
    expect(checkpointFindings.length).toBeLessThan(2_010);
  });
});
