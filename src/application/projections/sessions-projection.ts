import type {
  TokenFamilyEvent,
  TokenHolder,
} from '../../domain/token-family/token-family-events.ts';
import type { Columns, Projection, RowChange } from './row-change.ts';

const seenFrom = ({ ip, userAgent }: TokenHolder) => ({ ip, user_agent: userAgent });

/** Keeps one row per token family, for the user's list of sessions. */
export const sessionsProjection: Projection<TokenFamilyEvent> = ({
  stream,
  event: { type, data },
}) => {
  const update = (set: Columns): RowChange[] => [
    { table: 'sessions', op: 'update', where: { id: stream.id }, set },
  ];
  switch (type) {
    case 'TokenFamilyStarted':
      return [
        {
          table: 'sessions',
          op: 'insert',
          where: { id: stream.id },
          set: {
            user_id: data.userId,
            household_id: data.householdId,
            device_name: data.deviceName,
            ...seenFrom(data.holder),
            created_at: data.startedAt,
            last_used_at: data.startedAt,
            expires_at: data.expiresAt,
            revoked_at: null,
            revoked_reason: null,
          },
        },
      ];
    case 'RefreshTokenRotated':
      return update({
        ...seenFrom(data.holder),
        last_used_at: data.rotatedAt,
        expires_at: data.expiresAt,
      });
    case 'RefreshTokenReplayed':
      return update({ ...seenFrom(data.holder), last_used_at: data.replayedAt });
    case 'ActiveHouseholdSwitched':
      return update({ household_id: data.householdId });
    case 'TokenTheftDetected':
    case 'AccessTokenRevoked':
      return [];
    case 'TokenFamilyRevoked':
      return update({ revoked_at: data.revokedAt, revoked_reason: data.reason });
  }
};
