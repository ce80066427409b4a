import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { StoredRecord } from '../event-store-double/log/stored-record.ts';
import { createLedger, type HeldSession, type Ledger, type Person } from './soak-ledger.ts';
import { faultsInLog } from './soak-verdict.ts';

const USER = 'user_ann';
const FAMILY = randomUUID();

const person: Person = {
  email: 'ann@example.com',
  password: '',
  userId: USER,
  verified: false,
  passwordChanges: 1,
  households: new Map([['flat', 'The Flat']]),
  revokedInvitations: ['invitation'],
};

const session: HeldSession = {
  id: FAMILY,
  userId: USER,
  accessToken: '',
  refreshTokens: ['first'],
  ended: 'theft',
};

const ledgerOf = (sessions: readonly HeldSession[], people: Person[] = []): Ledger => ({
  people,
  sessions: new Map(sessions.map((held) => [held.id, held])),
});

const record = (more: Partial<StoredRecord>): StoredRecord => ({
  eventId: randomUUID(),
  stream: `tokenFamily-${FAMILY}`,
  revision: 0n,
  position: 1n,
  type: 'TokenFamilyStarted',
  data: { refreshToken: { tokenHash: 'another' } },
  metadata: { chain: '', schemaVersion: 1, revision: '0', subject: null },
  ...more,
});

describe('the verdict on a soak', () => {
  it('names every acknowledged event that the log lacks', () => {
    expect(faultsInLog([], ledgerOf([session], [person])).wrong).toStrictEqual([
      `tokenFamily-${FAMILY} began 0 times`,
      `generation 0 of tokenFamily-${FAMILY} was acknowledged, the log has another`,
      `${FAMILY} should be theft, the log says  (0)`,
      `${USER} registered other than once`,
      `${USER} changed the password 1 times, the log says otherwise`,
      'flat is lost',
      'invitation invitation is not revoked',
    ]);
  });

  it('names a duplicated event, a broken chain and a second successor', () => {
    const started = record({});
    const metadata = { chain: '', schemaVersion: 1, revision: '1', subject: null };
    const rotated = { type: 'RefreshTokenRotated', revision: 1n, metadata };
    const data = { generation: 2, refreshToken: { tokenHash: 'x' } };
    const records = [started, record({ ...rotated, data }), record({ eventId: started.eventId })];
    expect(faultsInLog(records, ledgerOf([{ ...session, refreshTokens: [] }])).wrong).toStrictEqual(
      [
        `event ${started.eventId} is there twice`,
        `tokenFamily-${FAMILY} is broken at 0`,
        `tokenFamily-${FAMILY} began 2 times`,
        `tokenFamily-${FAMILY} has generations 2`,
        `${FAMILY} should be theft, the log says  (0)`,
      ],
    );
  });

  it('does not count events that were never committed', () => {
    const metadata = {
      chain: '',
      schemaVersion: 1,
      revision: '0',
      subject: null,
      transaction: 't',
    };
    expect(faultsInLog([record({ metadata })], createLedger())).toStrictEqual({
      events: 0,
      wrong: [],
    });
  });
});
