import { Type } from 'typebox';
import type {
  AccessTokenRevoked,
  ActiveHouseholdSwitched,
  RefreshTokenReplayed,
  RefreshTokenRotated,
  TokenFamilyRevoked,
  TokenFamilyStarted,
  TokenTheftDetected,
} from '../../../domain/token-family/token-family-events.ts';
import { defineEvent } from '../event-registry.ts';
import { personalHolder, personalText } from '../personal-fields.ts';
import {
  Id,
  Instant,
  NullableId,
  NullableText,
  Ordinal,
  oneOf,
  strictObject,
} from './common-schemas.ts';

const Holder = strictObject({
  ip: Type.String(),
  userAgent: Type.String(),
  agentHash: Type.String(),
});
const RefreshToken = strictObject({
  tokenHash: Type.String({ pattern: '^[0-9a-f]{64}$' }),
  keyId: Type.Integer({ minimum: 0, maximum: 255 }),
});
const AccessToken = strictObject({ ordinal: Ordinal, expiresAt: Instant });
const AccessTokenSpan = strictObject({ first: Ordinal, last: Ordinal, expiresAt: Instant });

const Policy = Type.Union([
  strictObject({
    graceSeconds: Type.Number({ minimum: 0 }),
    lostResponse: oneOf('revoke', 'recover'),
    maxReplays: Type.Integer({ minimum: 0 }),
  }),
  Type.Null(),
]);

/** Version 1 did not record the policy in force. */
const withoutPolicy = (data: Readonly<Record<string, unknown>>) => ({ ...data, policy: null });

const replayedV1 = {
  generation: Ordinal,
  holder: Holder,
  accessToken: AccessToken,
  replayedAt: Instant,
};
const theftV1 = {
  userId: Id,
  cause: oneOf('older_generation', 'other_client', 'after_grace'),
  presentedGeneration: Ordinal,
  currentGeneration: Ordinal,
  ageSeconds: Type.Integer({ minimum: 0 }),
  presenter: Holder,
  holder: Holder,
  detectedAt: Instant,
};
const bothParties = { presenter: personalHolder, holder: personalHolder };

/** The event types of `tokenFamily-` streams. */
export const tokenFamilyEventDefinitions = {
  TokenFamilyStarted: defineEvent<TokenFamilyStarted>()(
    'tokenFamily',
    strictObject({
      userId: Id,
      householdId: NullableId,
      deviceName: NullableText,
      holder: Holder,
      salt: Type.String({ pattern: '^[0-9a-f]{32}$' }),
      refreshToken: RefreshToken,
      accessToken: AccessToken,
      expiresAt: Instant,
      absoluteExpiresAt: Instant,
      startedAt: Instant,
    }),
    { deviceName: personalText, holder: personalHolder },
  ),
  RefreshTokenRotated: defineEvent<RefreshTokenRotated>()(
    'tokenFamily',
    strictObject({
      userId: Id,
      householdId: NullableId,
      generation: Ordinal,
      holder: Holder,
      refreshToken: RefreshToken,
      accessToken: AccessToken,
      expiresAt: Instant,
      rotatedAt: Instant,
    }),
    { holder: personalHolder },
  ),
  RefreshTokenReplayed: defineEvent<RefreshTokenReplayed>()(
    'tokenFamily',
    strictObject({ ...replayedV1, policy: Policy }),
    { holder: personalHolder },
    [
      {
        schema: strictObject(replayedV1),
        personal: { holder: personalHolder },
        upcast: withoutPolicy,
      },
    ],
  ),
  TokenTheftDetected: defineEvent<TokenTheftDetected>()(
    'tokenFamily',
    strictObject({ ...theftV1, policy: Policy }),
    bothParties,
    [{ schema: strictObject(theftV1), personal: bothParties, upcast: withoutPolicy }],
  ),
  ActiveHouseholdSwitched: defineEvent<ActiveHouseholdSwitched>()(
    'tokenFamily',
    strictObject({
      userId: Id,
      householdId: Id,
      previous: NullableId,
      cause: oneOf('chosen', 'membership_lost'),
      accessTokens: Type.Array(AccessTokenSpan),
      accessToken: Type.Union([AccessToken, Type.Null()]),
      switchedAt: Instant,
    }),
  ),
  AccessTokenRevoked: defineEvent<AccessTokenRevoked>()(
    'tokenFamily',
    strictObject({ userId: Id, accessToken: AccessToken, revokedAt: Instant }),
  ),
  TokenFamilyRevoked: defineEvent<TokenFamilyRevoked>()(
    'tokenFamily',
    strictObject({
      userId: Id,
      reason: oneOf(
        'sign_out',
        'theft',
        'password_changed',
        'deactivated',
        'erased',
        'admin',
        'membership_lost',
      ),
      accessTokens: Type.Array(AccessTokenSpan),
      revokedAt: Instant,
    }),
  ),
};
