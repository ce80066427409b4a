import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { projectEvent } from '../../../src/application/projections/project-event.ts';
import type { Columns, RowChange } from '../../../src/application/projections/row-change.ts';
import type { UserEvent } from '../../../src/domain/user/user-events.ts';
import { accountIn, type UserAccount } from '../../../src/domain/user/user-state.ts';
import { userStream } from '../../support/events/projected-event-fixtures.ts';
import { anyBeginning, anySteps, playAccount } from '../../support/identity/account-run.ts';

type Rows = ReadonlyMap<string, Columns>;

const keyOf = ({ table, where }: RowChange): string => `${table} ${JSON.stringify(where)}`;

/** The rows after `events`, with the changes applied one by one. */
const rowsAfter = (events: readonly UserEvent[]): Rows => {
  const rows = new Map<string, Columns>();
  for (const change of events.flatMap((event) => projectEvent({ stream: userStream, event }))) {
    const key = keyOf(change);
    if (change.op === 'delete') rows.delete(key);
    else rows.set(key, { ...rows.get(key), ...change.where, ...change.set });
  }
  return rows;
};

const inTable = (rows: Rows, table: string): readonly Columns[] =>
  [...rows].flatMap(([key, row]) => (key.startsWith(`${table} `) ? [row] : []));

type Check = (rows: Rows, account: UserAccount) => void;

const forAnyRun = (check: Check) =>
  fc.assert(
    fc.property(anyBeginning, anySteps, (beginning, steps) => {
      const last = playAccount(beginning, steps).at(-1);
      const account = last && accountIn(last.after);
      if (last === undefined || account === undefined) return;
      check(rowsAfter([...last.past, ...last.events]), account);
    }),
    { numRuns: 500 },
  );

describe('the projections of any history of an account', () => {
  it('result in a row that corresponds to its state', () =>
    forAnyRun((rows, account) => {
      const [row, ...others] = inTable(rows, 'users');
      const { email_verified_at: verifiedAt, ...columns } = row ?? {};
      expect(others).toStrictEqual([]);
      expect(columns).toMatchObject({
        email: account.email,
        username: account.username,
        display_name: account.displayName,
        password_hash: account.passwordHash,
        role: account.role,
        tier: account.tier,
        locale: account.locale,
        is_active: account.status === 'active',
        locked_until: account.lockedUntil,
        pending_email: (account.pending ?? account.upgrade)?.email ?? null,
      });
      expect(verifiedAt !== null).toBe(account.emailVerified);
    }));

  it('confirm its claims to its address and username, and no others', () =>
    forAnyRun((rows, { email, username }) => {
      const confirmed = inTable(rows, 'identifier_claims')
        .filter(({ expires_at: e, held_until: h }) => e === null && h === null)
        .map(({ kind, value }) => `${kind} ${value}`);
      expect(confirmed.sort()).toStrictEqual([
        ...(email === null ? [] : [`email ${email}`]),
        ...(username === null ? [] : [`username ${username}`]),
      ]);
    }));

  it('reserve every address that it can restore', () =>
    forAnyRun((rows, { email, undos }) => {
      const held = inTable(rows, 'identifier_claims').flatMap(({ kind, value }) =>
        kind === 'email' ? [value] : [],
      );
      for (const undo of undos) expect([email, ...held]).toContain(undo.email);
    }));

  it('result in a row for every live token', () =>
    forAnyRun((rows, { tokens, undos }) => {
      const found = inTable(rows, 'tokens');
      const hashes = (wanted: (type: unknown) => boolean) =>
        found.filter(({ type }) => wanted(type)).map(({ token_hash: hash }) => hash);
      const live = Object.values(tokens).map(({ tokenHash }) => tokenHash);
      expect(hashes((type) => type !== 'email_change_undo').sort()).toStrictEqual(live.sort());
      const undoing = hashes((type) => type === 'email_change_undo');
      for (const { token } of undos) expect(undoing).toContain(token.tokenHash);
    }));
});
