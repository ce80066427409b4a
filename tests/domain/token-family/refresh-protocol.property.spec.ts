import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { tokenFamilyDecider } from '../../../src/domain/token-family/token-family-decider.ts';
import type { TokenFamilyState } from '../../../src/domain/token-family/token-family-state.ts';
import { at, revoke } from '../../support/events/token-family-fixtures.ts';
import {
  type Answer,
  createRefreshProtocolModel,
} from '../../support/sessions/refresh-protocol-model.ts';
import {
  anyRules,
  anySteps,
  decideOn,
  play,
  type Turn,
} from '../../support/sessions/refresh-protocol-run.ts';

const RUNS = { numRuns: 500 };

const forAnyRun = (check: (turns: readonly Turn[]) => void) =>
  fc.assert(
    fc.property(anyRules, anySteps, (rules, steps) => check(play(rules, steps))),
    RUNS,
  );

const liveGeneration = (state: TokenFamilyState): number | undefined =>
  state.status === 'live' ? state.generation : undefined;

const absoluteEnd = (state: TokenFamilyState): string | undefined =>
  state.status === 'live' ? state.absoluteExpiresAt : undefined;

describe('a family whose owner and thief present tokens in any order', () => {
  it('answers according to the table of the refresh protocol', () => {
    const seen = new Set<Answer>();
    fc.assert(
      fc.property(anyRules, anySteps, (rules, steps) => {
        const model = createRefreshProtocolModel(rules);
        const expected = steps.map(model).filter((answer) => answer !== 'waited');
        const answers = play(rules, steps).map(({ answer }) => answer);
        expect(answers).toStrictEqual(expected);
        for (const answer of answers) seen.add(answer);
      }),
      RUNS,
    );
    // The runs must cover every row of the table, or they show nothing.
    expect([...seen].sort()).toStrictEqual([
      'access token revoked',
      'already revoked',
      'refused: invalid',
      'refused: reused',
      'revoked',
      'same successor again',
      'successor',
      'theft',
    ]);
  });

  it('has one live generation and issues no other', () =>
    forAnyRun((turns) => {
      for (const { before, events, after } of turns) {
        for (const { type, data } of events) {
          if (type !== 'RefreshTokenRotated' && type !== 'RefreshTokenReplayed') continue;
          expect(data.generation).toBe(liveGeneration(after));
          const earlier = liveGeneration(before) ?? Number.NaN;
          expect(data.generation - earlier).toBe(type === 'RefreshTokenRotated' ? 1 : 0);
        }
      }
    }));

  it('issues no token once it is revoked', () =>
    forAnyRun((turns) => {
      const end = turns.findIndex(({ after }) => after.status === 'revoked');
      const later = end === -1 ? [] : turns.slice(end + 1);
      expect(later.flatMap(({ events }) => events)).toStrictEqual([]);
      for (const { after } of later) expect(after).toStrictEqual(turns[end]?.after);
    }));

  it('never changes its absolute end and never expires after it', () =>
    forAnyRun((turns) => {
      const [first] = turns;
      if (first === undefined) return;
      const end = absoluteEnd(first.before);
      for (const { after, events } of turns) {
        if (after.status === 'live') expect(absoluteEnd(after)).toBe(end);
        for (const { type, data } of events) {
          if (type === 'RefreshTokenRotated') expect(data.expiresAt <= String(end)).toBe(true);
        }
      }
    }));

  it('numbers its access tokens without gaps and lists each unexpired one when it ends', () =>
    forAnyRun((turns) => {
      const minted: { ordinal: number; expiresAt: string }[] = [];
      const [first] = turns;
      if (first?.before.status === 'live') {
        const [{ expiresAt } = { expiresAt: '' }] = first.before.accessTokens;
        minted.push({ ordinal: 0, expiresAt });
      }
      for (const { type, data } of turns.flatMap(({ events }) => events)) {
        if (type === 'RefreshTokenRotated' || type === 'RefreshTokenReplayed') {
          expect(data.accessToken.ordinal).toBe(minted.length);
          minted.push(data.accessToken);
        }
        if (type !== 'TokenFamilyRevoked') continue;
        for (const { ordinal, expiresAt } of minted) {
          if (expiresAt <= data.revokedAt) continue;
          const listed = data.accessTokens.filter((s) => s.first <= ordinal && ordinal <= s.last);
          expect(listed).toHaveLength(1);
          expect(listed.every((span) => span.expiresAt >= expiresAt)).toBe(true);
        }
        expect(data.accessTokens.every(({ last }) => last < minted.length)).toBe(true);
      }
    }));

  it('revokes a single access token once, before its expiry, and nothing else with it', () =>
    forAnyRun((turns) => {
      const alone = new Set<number>();
      for (const { before, events, after } of turns) {
        for (const { type, data } of events) {
          if (type !== 'AccessTokenRevoked') continue;
          const { ordinal, expiresAt } = data.accessToken;
          expect(alone.has(ordinal)).toBe(false);
          expect(expiresAt > data.revokedAt).toBe(true);
          expect(events).toHaveLength(1);
          expect({ ...after, revokedAccessTokens: [] }).toStrictEqual({
            ...before,
            revokedAccessTokens: [],
          });
          alone.add(ordinal);
        }
      }
    }));

  it('decides the same again, also on a state that was stored as JSON', () =>
    forAnyRun((turns) => {
      for (const { command, before, events, answer } of turns) {
        const stored: TokenFamilyState = JSON.parse(JSON.stringify(before));
        expect(stored).toStrictEqual(before);
        expect(decideOn(command, before)).toStrictEqual({ events, answer });
        expect(decideOn(command, stored)).toStrictEqual({ events, answer });
      }
    }));

  it('is revoked by the first revocation only', () =>
    forAnyRun((turns) => {
      const last = turns.at(-1);
      if (last === undefined) return;
      const seconds = last.now / 1000;
      const { decide, evolve } = tokenFamilyDecider;
      const first = decide(revoke('sign_out', seconds), last.after);
      const revoked = first.reduce(evolve, last.after);
      expect(first).toHaveLength(last.after.status === 'live' ? 1 : 0);
      expect(revoked.status).toBe('revoked');
      expect(decide(revoke('admin', seconds + 1), revoked)).toStrictEqual([]);
      if (first.length > 0) expect(revoked).toMatchObject({ revokedAt: at(seconds) });
    }));
});
