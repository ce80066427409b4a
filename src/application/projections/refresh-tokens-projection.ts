import type { Instant } from '../../domain/instant.ts';
import type {
  MintedRefreshToken,
  TokenFamilyEvent,
} from '../../domain/token-family/token-family-events.ts';
import type { Projection, RowChange } from './row-change.ts';

type Issue = Readonly<{
  userId: string;
  householdId: string | null;
  generation: number;
  refreshToken: MintedRefreshToken;
  expiresAt: Instant;
}>;

const rowId = (familyId: string, generation: number) => `${familyId}.${generation}`;

const issue = (familyId: string, token: Issue, issuedAt: Instant): RowChange => ({
  table: 'refresh_tokens',
  op: 'insert',
  where: { id: rowId(familyId, token.generation) },
  set: {
    user_id: token.userId,
    household_id: token.householdId,
    token_hash: token.refreshToken.tokenHash,
    token_family: familyId,
    generation: token.generation,
    issued_at: issuedAt,
    expires_at: token.expiresAt,
    rotated_at: null,
    revoked_at: null,
    revoked_reason: null,
  },
});

/** Keeps one row per generation: its hash, and when it was superseded or revoked. */
export const refreshTokensProjection: Projection<TokenFamilyEvent> = ({
  stream: { id: familyId },
  event: { type, data },
}) => {
  switch (type) {
    case 'TokenFamilyStarted':
      return [issue(familyId, { ...data, generation: 0 }, data.startedAt)];
    case 'RefreshTokenRotated':
      return [
        {
          table: 'refresh_tokens',
          op: 'update',
          where: { id: rowId(familyId, data.generation - 1) },
          set: { rotated_at: data.rotatedAt },
        },
        issue(familyId, data, data.rotatedAt),
      ];
    case 'RefreshTokenReplayed':
    case 'TokenTheftDetected':
    case 'ActiveHouseholdSwitched':
    case 'AccessTokenRevoked':
      return [];
    case 'TokenFamilyRevoked':
      return [
        {
          table: 'refresh_tokens',
          op: 'update',
          where: { token_family: familyId },
          set: { revoked_at: data.revokedAt, revoked_reason: data.reason },
        },
      ];
  }
};
