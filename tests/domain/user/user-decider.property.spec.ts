import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fold } from '../../../src/domain/decider.ts';
import type { Instant } from '../../../src/domain/instant.ts';
import type { OneTimeTokenType } from '../../../src/domain/one-time-token.ts';
import type { UserCommand } from '../../../src/domain/user/user-commands.ts';
import { userDecider } from '../../../src/domain/user/user-decider.ts';
import type { UserEvent } from '../../../src/domain/user/user-events.ts';
import { accountIn, type UserState } from '../../../src/domain/user/user-state.ts';
import { newerHash } from '../../support/events/user-fixtures.ts';
import {
  type AccountTurn,
  anyBeginning,
  anySteps,
  decideOnUser,
  issuedBy,
  playAccount,
} from '../../support/identity/account-run.ts';

const RUNS = { numRuns: 500 };

const forAnyRun = (check: (turns: readonly AccountTurn[]) => void) =>
  fc.assert(
    fc.property(anyBeginning, anySteps, (beginning, steps) => check(playAccount(beginning, steps))),
    RUNS,
  );

type Presentation = Readonly<{ type: OneTimeTokenType; tokenHash: string; now: Instant }>;

const purposes: Partial<Record<UserCommand['type'], OneTimeTokenType>> = {
  ConfirmEmail: 'email_verification',
  ConfirmEmailChange: 'email_change',
  UndoEmailChange: 'email_change_undo',
  ResetPassword: 'password_reset',
};

/** The token hash that a command presents, if any. */
const presentedBy = ({ type, data }: UserCommand): Presentation | undefined => {
  const purpose = purposes[type];
  return purpose !== undefined && 'tokenHash' in data
    ? { type: purpose, tokenHash: data.tokenHash, now: data.now }
    : undefined;
};

/** The index of the event that issued the token; -1 if none did. */
const issuedAt = (past: readonly UserEvent[], tokenHash: string): number =>
  past.findLastIndex((event) => issuedBy(event)?.token.tokenHash === tokenHash);

const voids = (type: OneTimeTokenType, number: number | undefined) => (event: UserEvent) => {
  if (type === 'email_change_undo') {
    const undoes = event.type === 'EmailChanged' ? event.data.undoes : null;
    return undoes !== null && number !== undefined && undoes <= number;
  }
  const superseded = issuedBy(event)?.type === type;
  const used = type === 'email_verification' && event.type === 'EmailVerified';
  return superseded || used || event.type === 'PasswordChanged' || event.type === 'EmailChanged';
};

/** The rule, derived from the log alone. */
const isGood = (past: readonly UserEvent[], { type, tokenHash, now }: Presentation): boolean => {
  const index = issuedAt(past, tokenHash);
  const event = past[index];
  const issued = event && issuedBy(event);
  if (issued?.type !== type || issued.token.expiresAt <= now) return false;
  const number = event?.type === 'EmailChanged' ? event.data.undo?.number : undefined;
  if (past.slice(index + 1).some(voids(type, number))) return false;
  const standing = past.findLast(
    (e) => e.type === 'UserDeactivated' || e.type === 'UserReactivated',
  );
  return type === 'email_change_undo' || standing?.type !== 'UserDeactivated';
};

const emailOf = (state: UserState) => accountIn(state)?.email;

describe('an account after any sequence of commands', () => {
  it('accepts a token exactly as long as its log shows it as valid', () => {
    const seen = new Set<string>();
    forAnyRun((turns) => {
      for (const { command, past, refusal } of turns) {
        const presented = presentedBy(command);
        if (presented === undefined) continue;
        expect(refusal).toBe(isGood(past, presented) ? undefined : 'token_invalid');
        seen.add(`${command.type} ${refusal ?? 'accepted'}`);
      }
    });
    // The runs must cover every case, or they show nothing.
    expect([...seen].sort()).toStrictEqual(
      Object.keys(purposes)
        .flatMap((type) => [`${type} accepted`, `${type} token_invalid`])
        .sort(),
    );
  });

  it('accepts no token twice', () =>
    forAnyRun((turns) => {
      const used = new Set<string>();
      for (const { command, events } of turns) {
        const tokenHash = presentedBy(command)?.tokenHash;
        if (tokenHash === undefined || events.length === 0) continue;
        expect(used.has(tokenHash)).toBe(false);
        used.add(tokenHash);
      }
    }));

  it('has at most one valid token per purpose, apart from undo tokens', () =>
    forAnyRun((turns) => {
      const last = turns.at(-1);
      if (last === undefined) return;
      const { command, past, before } = last;
      const { now } = command.data;
      const hashes = past.flatMap((event) => issuedBy(event)?.token.tokenHash ?? []);
      const attempt = (type: 'ConfirmEmail' | 'ResetPassword', tokenHash: string): UserCommand =>
        type === 'ConfirmEmail'
          ? { type, data: { tokenHash, usernameClaimed: true, now } }
          : { type, data: { tokenHash, usernameClaimed: true, passwordHash: newerHash, now } };
      for (const type of ['ConfirmEmail', 'ResetPassword'] as const) {
        const good = hashes.filter(
          (tokenHash) => decideOnUser(attempt(type, tokenHash), before).refusal === undefined,
        );
        expect(good.length).toBeLessThan(2);
      }
    }));

  it('verifies no address but the one to which the token was sent', () =>
    forAnyRun((turns) => {
      for (const { command, past, events } of turns) {
        const presented = presentedBy(command);
        if (presented === undefined) continue;
        const cause = past[issuedAt(past, presented.tokenHash)];
        for (const { type, data } of events) {
          if (type !== 'EmailVerified' && type !== 'EmailChanged') continue;
          // A return to an earlier address undoes too, by verifying that address.
          if (type === 'EmailChanged' && cause?.type === 'EmailChanged') {
            expect(cause.data.previous).toBe(data.email);
          } else {
            expect(cause?.data).toMatchObject({ email: data.email });
          }
        }
      }
    }));

  it('has no address and no username while it is pending', () =>
    forAnyRun((turns) => {
      for (const { after } of turns) {
        const account = accountIn(after);
        if (account === undefined || account.pending === null) continue;
        expect([account.email, account.username]).toStrictEqual([null, null]);
      }
    }));

  it('records with each new identifier the one that becomes available', () =>
    forAnyRun((turns) => {
      for (const { before, events } of turns) {
        let state = before;
        for (const event of events) {
          if (event.type === 'EmailChanged') expect(event.data.previous).toBe(emailOf(state));
          if (event.type === 'UsernameChanged') {
            expect(state).toMatchObject({ username: event.data.previous });
            expect(event.data.username).not.toBe(event.data.previous);
          }
          if (event.type === 'GuestUpgraded') expect(emailOf(state)).toBeNull();
          state = fold(userDecider, state, [event]);
        }
      }
    }));

  it('has a limited number of undo tokens', () =>
    forAnyRun((turns) => {
      for (const { after } of turns) {
        expect(accountIn(after)?.undos.length ?? 0).toBeLessThan(6);
      }
    }));

  it('stores no event for a command that would change nothing', () => {
    const seen = new Set<string>();
    const standing: readonly UserCommand['type'][] = [
      'ChangeDisplayName',
      'ChangeUsername',
      'ChangeLocale',
      'ChangeRole',
      'ChangeTier',
      'UnlockUser',
      'DeactivateUser',
      'ReactivateUser',
    ];
    forAnyRun((turns) => {
      for (const { command, refusal, after } of turns) {
        if (!standing.includes(command.type) || refusal !== undefined) continue;
        expect(decideOnUser(command, after)).toStrictEqual({ events: [], refusal: undefined });
        seen.add(command.type);
      }
    });
    expect([...seen].sort()).toStrictEqual([...standing].sort());
  });

  it('leads to the same decisions and states after its state was stored as JSON', () =>
    forAnyRun((turns) => {
      for (const { command, before, events, refusal, after } of turns) {
        const stored: UserState = JSON.parse(JSON.stringify(before));
        expect(stored).toStrictEqual(before);
        expect(decideOnUser(command, stored)).toStrictEqual({ events, refusal });
        expect(fold(userDecider, stored, events)).toStrictEqual(after);
      }
    }));

  it('folds to the same state from any snapshot', () =>
    forAnyRun((turns) => {
      for (const { past, events, after } of turns) {
        expect(fold(userDecider, userDecider.initialState, [...past, ...events])).toStrictEqual(
          after,
        );
      }
    }));
});
