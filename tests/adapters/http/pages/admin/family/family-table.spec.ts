import { describe, expect, it } from 'vitest';
import {
  accessTokenTable,
  familyTable,
} from '../../../../../../src/adapters/http/pages/admin/family/family-table.ts';
import { tokenFamilyPage } from '../../../../../../src/adapters/http/pages/admin/family/token-family-page.ts';
import type { TheftReplay } from '../../../../../../src/application/auditing/theft/theft-replay.ts';
import { plusSeconds } from '../../../../../../src/domain/instant.ts';

const START = '2026-01-31T12:00:00.000Z';

/** A session that was only refreshed, every ten minutes. */
const quietFamily = (generations: number): TheftReplay => {
  const times = Array.from({ length: generations }, (_, n) => plusSeconds(START, n * 600));
  return {
    familyId: '00000000-0000-4000-8000-000000000001',
    userId: 'user_1',
    startedAt: START,
    theft: null,
    revocation: null,
    reproduction: {
      verdict: 'proven',
      decisions: generations,
      firstDeviation: null,
      policy: 'recorded',
      clients: 'compared',
    },
    chain: { intact: true, firstBroken: null },
    generations: [],
    split: null,
    accessTokens: times.map((mintedAt, ordinal) => ({
      jti: `x.${ordinal}`,
      ordinal,
      generation: ordinal,
      mintedAt,
      expiresAt: plusSeconds(mintedAt, 600),
      endsAt: plusSeconds(mintedAt, 600),
      end: 'expired',
      afterSplit: false,
    })),
    blastRadius: null,
    whatIf: null,
    timeline: times.map((at, n) => ({
      revision: String(n),
      at,
      type: n === 0 ? 'TokenFamilyStarted' : 'RefreshTokenRotated',
      actor: 'user_1',
      correlationId: 'request',
      generation: n,
      ip: '192.0.2.1',
      userAgent: 'Laptop/1.0',
      accessToken: n,
    })),
  };
};

const rowsIn = ({ markup }: { markup: string }) => markup.match(/<tr role="row"/g)?.length;

describe('the tables of a session', () => {
  it('have a row for each of two hundred events and access tokens', () => {
    const replay = quietFamily(203);
    expect(rowsIn(familyTable(replay))).toBe(1 + 203);
    expect(rowsIn(accessTokenTable(replay))).toBe(1 + 203);
  });

  it('show a longer span in one row, which the picture links to', () => {
    const replay = quietFamily(13_000);
    const { markup } = familyTable(replay);

    expect(rowsIn({ markup })).toBe(1 + 4);
    expect(rowsIn(accessTokenTable(replay))).toBe(1 + 4);
    expect(markup).toContain('id="event-2"');
    expect(markup).toContain('12997 rotations');
    const page = tokenFamilyPage({ base: '../../', name: 'Ada' }, replay);
    expect(page).toContain('href="#event-2"');
    expect(page.length).toBeLessThan(60_000);
  });
});
