import { EventStoreDBClient } from '@eventstore/db-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createAfterRestore } from '../../../src/adapters/postgres/event-log/after-restore.ts';
import type { LogFinding } from '../../../src/application/auditing/evidence/log-finding.ts';
import { tokens } from '../../../src/composition/system-tokens.ts';
import {
  openTwoStores,
  refresh,
  type SignedInUser,
  signUp,
  type TwoStores,
} from '../../support/event-log/two-stores.ts';
import type { StoredRecord } from '../../support/event-store-double/log/stored-record.ts';
import { runCommand } from '../../support/servers/command-line.ts';
import type { ComposedSystem } from '../../support/servers/composed-system.ts';

let stores: TwoStores;
let system: ComposedSystem;
let ann: SignedInUser;
let ben: SignedInUser;
let family: string;
let user: string;

const evidence = () => system.get(tokens.logEvidence);
const verify = (deep = false) => evidence().verifyLog({ deep });

const found = async (deep = false) =>
  (await verify(deep)).findings.map(({ kind, stream, from, to, shownBy, between }: LogFinding) => [
    kind,
    stream,
    from,
    to,
    shownBy,
    between.after?.number ?? null,
  ]);

const requireClean = async () =>
  expect(await verify(true)).toMatchObject({
    findings: [],
    checkpointFindings: [],
    totalFindings: 0,
  });

/**
 * The checkpoint covers events 0 to 3 of Ann's family and 0 of her account; Ben registered later.
 */
beforeAll(async () => {
  stores = await openTwoStores();
  system = await stores.open('postgres');
  ann = await signUp(system);
  for (let i = 0; i < 3; i += 1) ann = await refresh(system, ann);
  family = `tokenFamily-${ann.sessionId}`;
  user = `user-${ann.id}`;
  expect(await evidence().makeCheckpoint()).toMatchObject({
    kind: 'made',
    content: { number: 1, streams: 3, accepted: 0 },
  });
  ben = await signUp(system);
});
afterAll(() => stores?.close());

describe('the audit of a log in PostgreSQL that was changed by SQL', () => {
  const TABLES = ['events', 'streams', 'log_checkpoints', 'log_checkpoint_streams'];
  const run = (text: string, ...values: readonly unknown[]) =>
    stores.database.query({ text, values });

  beforeAll(async () => {
    for (const table of TABLES) await run(`CREATE TABLE saved_${table} AS TABLE ${table}`);
  });
  afterAll(async () => {
    for (const table of TABLES) await run(`DROP TABLE saved_${table}`);
  });

  /** Runs the audit after a change and reverts the change. */
  const afterwards = async (
    statements: readonly string[],
    stream: string = family,
    deep = false,
  ) => {
    for (const text of statements) await run(text, ...(text.includes('$1') ? [stream] : []));
    const findings = await found(deep);
    for (const table of TABLES) {
      await run(`DELETE FROM ${table}`);
      await run(`INSERT INTO ${table} SELECT * FROM saved_${table}`);
    }
    return findings;
  };

  const HERE = 'WHERE stream_id = $1 AND revision';

  it('has no finding before the change, even in encrypted fields', async () => {
    await requireClean();
    expect(await verify()).toMatchObject({ events: 11, streams: 6, checkpoints: 1 });
  });

  it.each([
    ['data', `data = jsonb_set(data, '{generation}', '7')`],
    ['metadata', `metadata = jsonb_set(metadata, '{actor}', '"user_eve"')`],
    ['the type', `type = 'RefreshTokenReplayed'`],
    ['the id', 'event_id = gen_random_uuid()'],
    ['the chain value', `metadata = jsonb_set(metadata, '{chain}', '"00"')`],
  ])('locates a change of %s', async (_, change) => {
    expect(await afterwards([`UPDATE events SET ${change} ${HERE} = 2`])).toStrictEqual([
      ['altered', family, 2, 2, 'chain', 1],
    ]);
  });

  it('reports metadata that are not an object', async () => {
    expect(await afterwards([`UPDATE events SET metadata = '[]' ${HERE} = 3`])).toStrictEqual([
      ['unreadable', family, null, null, 'store', null],
      ['cut_off', family, 3, 3, 'head', 1],
    ]);
  });

  it('reports a column that differs from the event', async () => {
    const change = `occurred_at = occurred_at - interval '1 day'`;
    expect(await afterwards([`UPDATE events SET ${change} ${HERE} = 1`])).toStrictEqual([
      ['column_differs', family, 1, 1, 'store', 1],
    ]);
  });

  it('reports a removed event, a removed end and a removed stream', async () => {
    expect(await afterwards([`DELETE FROM events ${HERE} = 1`])).toStrictEqual([
      ['missing', family, 1, 1, 'chain', 1],
    ]);
    expect(await afterwards([`DELETE FROM events ${HERE} >= 2`])).toStrictEqual([
      ['cut_off', family, 2, 3, 'head', 1],
    ]);
    expect(await afterwards([`DELETE FROM events ${HERE} >= 0`])).toStrictEqual([
      ['stream_missing', family, 0, 3, 'head', 1],
    ]);
  });

  it('reports them by the checkpoint when the heads were changed to match', async () => {
    const cut = `UPDATE streams SET revision = 1, chain =
      (SELECT metadata->>'chain' FROM events ${HERE} = 1) WHERE stream_id = $1`;
    expect(await afterwards([`DELETE FROM events ${HERE} >= 2`, cut])).toStrictEqual([
      ['cut_off', family, 2, 3, 'checkpoint', 1],
    ]);
    const removed = 'DELETE FROM streams WHERE stream_id = $1';
    expect(await afterwards([`DELETE FROM events ${HERE} >= 0`, removed])).toStrictEqual([
      ['stream_missing', family, 0, 3, 'checkpoint', 1],
    ]);
  });

  it('reports a swapped pair at both revisions', async () => {
    const swap = (from: number, to: number) =>
      `UPDATE events SET revision = ${to} ${HERE} = ${from}`;
    expect(await afterwards([swap(1, -1), swap(2, 1), swap(-1, 2)])).toStrictEqual([
      ['missing', family, 1, 1, 'chain', 1],
      ['misplaced', family, 1, 1, 'chain', 1],
    ]);
  });

  it('reports an event that was copied into another stream', async () => {
    const copy = `INSERT INTO events SELECT nextval('events_global_position'), pg_current_xact_id(),
      'user-${ben.id}', 2, gen_random_uuid(), type, schema_version, data, metadata, occurred_at
      FROM events ${HERE} = 0`;
    expect(await afterwards([copy], user)).toStrictEqual([
      ['altered', `user-${ben.id}`, 2, 2, 'chain', null],
      ['unrecorded', `user-${ben.id}`, 2, 2, 'head', null],
    ]);
  });

  it('reports undecryptable fields when it checks encrypted fields', async () => {
    const key = `UPDATE subject_keys SET subject_id = subject_id || '-'
      WHERE subject_id = split_part($1, '-', 2)`;
    const back = `UPDATE subject_keys SET subject_id = rtrim(subject_id, '-')`;
    // Without a data key they are erased, which is no fault.
    expect(await afterwards([key, back], user, true)).toStrictEqual([]);
    const other = `UPDATE events SET data = jsonb_set(data, '{email,$personal}', '"AAAA"') ${HERE} = 0`;
    expect(await afterwards([other], user, true)).toStrictEqual([
      ['altered', user, 0, 0, 'chain', 1],
      ['personal_data_unreadable', user, 0, 0, 'store', 1],
    ]);
  });

  it('refuses to sign a checkpoint', async () => {
    await run(`UPDATE events SET type = 'x' ${HERE} = 0`, `user-${ben.id}`);
    expect(await evidence().makeCheckpoint()).toMatchObject({
      kind: 'refused',
      findings: [{ kind: 'altered', stream: `user-${ben.id}`, from: 0, to: 0 }],
    });
    await afterwards([]);
    await requireClean();
  });

  it('has no finding after a restore into another cluster', async () => {
    await run(`UPDATE events SET transaction_id = '900000000000'`);
    expect(await createAfterRestore(system.get(tokens.database))()).toBeDefined();
    await requireClean();
  });
});

describe('the audit of a log that moved to EventStoreDB', () => {
  let kept: readonly StoredRecord[];
  const inStore =
    (name: string) =>
    ({ stream }: StoredRecord) =>
      stream.endsWith(name);

  beforeAll(async () => {
    await stores.copy('eventstoredb');
    system = await stores.open('eventstoredb');
    kept = stores.double.events();
  });

  const afterwards = async (change: (log: StoredRecord[]) => void) => {
    stores.double.tamper(change);
    const findings = await found();
    stores.double.tamper((log) => {
      log.splice(0, log.length, ...structuredClone(kept));
    });
    return findings;
  };

  const indexOf = (log: readonly StoredRecord[], revision: number): number =>
    log.findIndex((record) => inStore(family)(record) && record.revision === BigInt(revision));

  it('has no finding, and its checkpoints match', async () => {
    await requireClean();
    expect(await verify()).toMatchObject({ events: 11, streams: 6, checkpoints: 1 });
  });

  it('signs further checkpoints', async () => {
    ben = await refresh(system, ben);
    expect(await evidence().makeCheckpoint()).toMatchObject({
      kind: 'made',
      content: { number: 2, streams: 3, events: 5, total: 12 },
    });
    kept = stores.double.events();
    await requireClean();
  });

  it('reports a changed event, a removed one, a swapped pair and a removed end', async () => {
    expect(
      await afterwards((log) => {
        const record = log[indexOf(log, 2)];
        if (record !== undefined) record.data = { ...(record.data as object), generation: 7 };
      }),
    ).toStrictEqual([['altered', family, 2, 2, 'chain', 1]]);
    expect(await afterwards((log) => void log.splice(indexOf(log, 2), 1))).toStrictEqual([
      ['missing', family, 2, 2, 'chain', 1],
    ]);
    expect(
      await afterwards((log) => {
        const [i, j] = [indexOf(log, 1), indexOf(log, 2)];
        const [first, second] = [log[i], log[j]];
        if (first && second) [log[i], log[j]] = [second, first];
      }),
    ).toStrictEqual([
      ['missing', family, 1, 1, 'chain', 1],
      ['misplaced', family, 1, 1, 'chain', 1],
    ]);
    expect(await afterwards((log) => void log.splice(indexOf(log, 3), 1))).toStrictEqual([
      ['cut_off', family, 3, 3, 'head', 1],
    ]);
  });

  it('reports an event in another format', async () => {
    expect(
      await afterwards((log) => {
        const record = log[indexOf(log, 3)];
        if (record !== undefined) record.metadata = undefined;
      }),
    ).toStrictEqual([
      ['unreadable', family, null, null, 'store', null],
      ['cut_off', family, 3, 3, 'head', 1],
    ]);
  });

  it('runs from the command line although the store lacks events that the database shows', async () => {
    stores.double.tamper((log) => {
      const last = log.findLastIndex(({ stream }) => !stream.includes('transaction-'));
      log.splice(last, 1);
    });
    const { code, stdout } = await runCommand(
      ['audit', 'verify', '--json'],
      stores.settings.eventstoredb,
    );
    expect({ code, report: JSON.parse(stdout) }).toMatchObject({
      code: 1,
      report: { findings: [{ kind: 'cut_off', stream: `tokenFamily-${ben.sessionId}`, from: 1 }] },
    });
    stores.double.tamper((log) => {
      log.splice(0, log.length, ...structuredClone(kept));
    });
  });

  it('reports streams that were truncated, deleted, or deleted permanently', async () => {
    const client = EventStoreDBClient.connectionString(stores.double.connectionString);
    const named = kept.find(inStore(family))?.stream ?? '';
    await client.setStreamMetadata(named, { truncateBefore: 2 });
    expect(await found()).toStrictEqual([['hidden', family, 0, 1, 'store', 1]]);
    await client.deleteStream(named);
    expect(await found()).toStrictEqual([['hidden', family, 0, 3, 'store', 1]]);
    await client.setStreamMetadata(named, { truncateBefore: 0 });
    await requireClean();
    const account = kept.find(inStore(user))?.stream ?? '';
    await client.tombstoneStream(account);
    expect(await found()).toStrictEqual([['hidden', user, 0, 1, 'store', 1]]);
    await client.dispose();
  });
});
