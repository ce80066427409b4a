import { beforeEach, describe, expect, it } from 'vitest';
import { nodeSha256 } from '../../../../src/adapters/system/node-sha256.ts';
import { createVerifyCheckpoints } from '../../../../src/application/auditing/evidence/verify-checkpoints.ts';
import {
  createInMemoryStoredLog,
  type InMemoryStoredLog,
} from '../../../support/event-log/in-memory-stored-log.ts';

const A = 'household-a';

let log: InMemoryStoredLog;

/** Numbers of the checkpoints that count as trusted, and what was found. */
const verify = async () => {
  const { checkpoints, findings } = await log.verifyCheckpoints('database', log.exported());
  return {
    trusted: checkpoints.filter(({ trusted }) => trusted).map(({ number }) => number),
    findings: findings.map(({ kind, number }) => [kind, number]),
  };
};

const checkpoint = (number: number) => {
  const found = log.checkpoints.find((each) => each.number === number);
  if (found === undefined) throw new TypeError(`there is no checkpoint ${number}`);
  return found;
};

const unsign = (number: number): void => {
  const found = checkpoint(number);
  found.jws = found.jws.replace(/[^.]+$/, 'AA');
};

beforeEach(async () => {
  log = createInMemoryStoredLog();
  for (let n = 0; n < 3; n += 1) {
    log.append(A);
    await log.makeCheckpoint();
  }
});

describe('verifying a series of checkpoints', () => {
  it('trusts each of a series that is as it was signed', async () => {
    expect(await verify()).toStrictEqual({ trusted: [1, 2, 3], findings: [] });
  });

  it('trusts those that a signed one names, whatever key they were signed with', async () => {
    const newest = checkpoint(3).jws;
    const verifyCheckpoints = createVerifyCheckpoints({
      evidence: {
        verify: async (_type, jws) =>
          jws === newest
            ? {
                verified: true,
                payload: { iat: 0, iss: 'x' },
                kid: 'kid',
                knownSince: null,
                current: true,
              }
            : { verified: false, reason: 'unknown_key' },
      },
      sha256: nodeSha256,
    });
    const { checkpoints, findings } = await verifyCheckpoints('database', log.exported());
    expect(checkpoints.map(({ trusted }) => trusted)).toStrictEqual([true, true, true]);
    expect(findings).toStrictEqual([]);
  });

  it('answers what each checkpoint says, and when it was made', async () => {
    const { checkpoints } = await log.verifyCheckpoints('database', log.exported());
    expect(checkpoints[1]).toMatchObject({
      number: 2,
      madeAt: '2026-01-01T01:00:00.000Z',
      jws: checkpoint(2).jws,
      content: { number: 2, streams: 1, events: 1, total: 2 },
      trusted: true,
    });
  });

  it('answers nothing for a series without checkpoints', async () => {
    log = createInMemoryStoredLog();
    expect(await verify()).toStrictEqual({ trusted: [], findings: [] });
  });
});

describe('verifying a series of checkpoints that was tampered with', () => {
  it('finds one whose leaves are not those it was signed with', async () => {
    const [leaf] = checkpoint(2).leaves;
    if (leaf === undefined) throw new TypeError('the checkpoint has no leaf');
    checkpoint(2).leaves = [{ ...leaf, chain: '0'.repeat(64) }];
    expect(await verify()).toStrictEqual({ trusted: [1, 3], findings: [['altered', 2]] });
  });

  it('finds the newest one without a valid signature', async () => {
    unsign(3);
    expect(await verify()).toStrictEqual({ trusted: [1, 2], findings: [['unsigned', 3]] });
  });

  it('finds an earlier one whose signature was replaced: the next one does not name it', async () => {
    unsign(2);
    expect(await verify()).toStrictEqual({
      trusted: [1, 3],
      findings: [
        ['unsigned', 2],
        ['unlinked', 3],
      ],
    });
  });

  it('finds one that was removed', async () => {
    log.checkpoints.splice(1, 1);
    expect(await verify()).toStrictEqual({ trusted: [1, 3], findings: [['removed', 2]] });
  });

  it('names where the series came from', async () => {
    unsign(3);
    const { findings } = await log.verifyCheckpoints('file', log.exported());
    expect(findings).toStrictEqual([{ kind: 'unsigned', number: 3, source: 'file' }]);
  });
});
