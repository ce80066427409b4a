import { generateKeyPairSync, randomUUID, sign, verify } from 'node:crypto';
import { toStoredEntry } from '../../../src/adapters/event-store/stored-entry.ts';
import {
  CHAIN_START,
  chainValueIn,
  type StoredEvent,
} from '../../../src/adapters/event-store/stored-event.ts';
import { nodeSha256 } from '../../../src/adapters/system/node-sha256.ts';
import type {
  EvidencePayload,
  EvidenceSigner,
  VerifiedEvidence,
} from '../../../src/application/auditing/evidence/evidence-signer.ts';
import type {
  CheckpointLeaf,
  LogCheckpoints,
  MovedStream,
} from '../../../src/application/auditing/evidence/log-checkpoints.ts';
import { createMakeCheckpoint } from '../../../src/application/auditing/evidence/make-checkpoint.ts';
import type { LogView, StoredLog } from '../../../src/application/auditing/evidence/stored-log.ts';
import { createVerifyCheckpoints } from '../../../src/application/auditing/evidence/verify-checkpoints.ts';
import { createVerifyLog } from '../../../src/application/auditing/evidence/verify-log.ts';

/** A stored event with its stream and revision, all of which a test may change. */
export type Stored = { stream: string; revision: number; event: StoredEvent };
export type Head = { revision: number; chain: string };

const START = Date.parse('2026-01-01T00:00:00.000Z');
const PAGE = 3;

const storedEvent = (number: number): StoredEvent => ({
  eventId: randomUUID(),
  type: 'HouseholdRenamed',
  schemaVersion: 1,
  data: { name: `name ${number}` },
  metadata: {
    occurredAt: '2026-01-01T00:00:00.000Z',
    correlationId: 'c',
    causationId: 'c',
    actor: 'system',
    subject: null,
    chain: '',
  },
});

export const chained = (previous: string, { stream, revision, event }: Stored): StoredEvent => ({
  ...event,
  metadata: { ...event.metadata, chain: chainValueIn(previous, stream, revision, event) },
});

/** Creates a signer like the real one, whose clock advances by an hour per signature. */
const createSigner = (): EvidenceSigner => {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  let signed = 0;
  return {
    sign: async (_type, payload) => {
      const iat = START / 1_000 + 3_600 * signed++;
      const body = JSON.stringify({ ...payload, iat, iss: 'https://auth.example.org' });
      const input = `e30.${Buffer.from(body).toString('base64url')}`;
      return `${input}.${sign(null, Buffer.from(input), privateKey).toString('base64url')}`;
    },
    verify: async (_type, jws): Promise<VerifiedEvidence> => {
      const [header, body = '', signature = ''] = jws.split('.');
      const input = Buffer.from(`${header}.${body}`);
      if (!verify(null, input, publicKey, Buffer.from(signature, 'base64url'))) {
        return { verified: false, reason: 'bad_signature' };
      }
      const payload = JSON.parse(Buffer.from(body, 'base64url').toString()) as EvidencePayload;
      return { verified: true, payload, kid: 'kid', knownSince: null, current: true };
    },
    publicKey: () => Promise.reject(new TypeError('not asked for')),
  };
};

const byName = (a: string, b: string): number => (a < b ? -1 : 1);

/** Creates a log with heads and checkpoints in memory, for tests that tamper with them. */
export const createInMemoryStoredLog = () => {
  const log: Stored[] = [];
  const heads = new Map<string, Head>();
  const checkpoints: { number: number; jws: string; leaves: CheckpointLeaf[] }[] = [];

  const entryOf = ({ stream, revision, event }: Stored) =>
    toStoredEntry({ stream, revision, position: `at ${stream} ${revision}` }, event, undefined);

  async function* pages() {
    for (let start = 0; start < log.length; start += PAGE) {
      yield log.slice(start, start + PAGE).map(entryOf);
    }
  }
  const view: LogView = {
    exact: true,
    count: async () => log.length,
    readHeads: async function* () {
      yield [...heads].map(([stream, head]) => ({ stream, ...head }));
    },
    readEvents: pages,
    readHidden: async () => [],
    readStream: async (name) => log.filter(({ stream }) => stream === name).map(entryOf),
  };
  const storedLog: StoredLog = {
    inspect: (work) => work(view),
    readSpans: async (spans) =>
      spans.flatMap(({ stream, from, to }) =>
        log
          .filter((event) => event.stream === stream)
          .filter(({ revision }) => revision >= from && revision <= to)
          .sort((a, b) => a.revision - b.revision)
          .map(entryOf),
      ),
  };

  const latestLeaves = () =>
    new Map(checkpoints.flatMap(({ leaves }) => leaves.map((leaf) => [leaf.stream, leaf])));
  const moved = (): readonly MovedStream[] => {
    const leaves = latestLeaves();
    return [...new Set([...heads.keys(), ...leaves.keys()])].sort(byName).flatMap((stream) => {
      const [leaf, head] = [leaves.get(stream), heads.get(stream)];
      const same = (leaf?.to ?? -1) === (head?.revision ?? -1) && leaf?.chain === head?.chain;
      return same || (leaf?.to === -1 && head === undefined) ? [] : [{ stream, leaf, head }];
    });
  };
  const table: LogCheckpoints = {
    list: async () => checkpoints,
    read: async function* () {
      for (const { number, jws, leaves } of checkpoints) {
        yield { number, jws };
        yield* leaves;
      }
    },
    draft: (work) => {
      const added: CheckpointLeaf[] = [];
      return work({
        last: checkpoints.at(-1),
        number: (checkpoints.at(-1)?.number ?? 0) + 1,
        readMoved: async function* () {
          yield moved();
        },
        addLeaves: async (leaves) => void added.push(...leaves),
        finish: async (jws: string) => {
          const number = (checkpoints.at(-1)?.number ?? 0) + 1;
          checkpoints.push({ number, jws, leaves: added });
        },
      });
    },
  };

  const evidence = createSigner();
  const signing = { evidence, sha256: nodeSha256 };
  const verifyCheckpoints = createVerifyCheckpoints(signing);
  return {
    verifyCheckpoints,
    log,
    heads,
    checkpoints,
    view,
    append: (stream: string): void => {
      const head = heads.get(stream);
      const revision = (head?.revision ?? -1) + 1;
      const event = storedEvent(log.length);
      const stored = chained(head?.chain ?? CHAIN_START, { stream, revision, event });
      log.push({ stream, revision, event: stored });
      heads.set(stream, { revision, chain: stored.metadata.chain });
    },
    /** Returns what `audit checkpoints --export` would write now. */
    exported: () => {
      const copy = structuredClone(checkpoints);
      return {
        read: async function* () {
          for (const { number, jws, leaves } of copy) {
            yield { number, jws };
            yield* leaves;
          }
        },
      };
    },
    makeCheckpoint: createMakeCheckpoint({ ...signing, checkpoints: table, storedLog }),
    verifyLog: createVerifyLog({
      storedLog,
      checkpoints: table,
      verifyCheckpoints,
    }),
  };
};

export type InMemoryStoredLog = ReturnType<typeof createInMemoryStoredLog>;
