import { errors, type JWTHeaderParameters, jwtVerify } from 'jose';
import { LRUCache } from 'lru-cache';
import type { Clock } from '../../application/kernel/clock.ts';
import type { AccessTokenClaims, AccessTokens } from '../../application/sessions/access-tokens.ts';
import { parseAccessTokenClaims } from './access-token-claims.ts';
import { signCompactJws } from './compact-jws.ts';
import { signingAlgorithms } from './signing-key.ts';
import type { SigningKeys } from './signing-keys.ts';

type Dependencies = Readonly<{
  signingKeys: Pick<SigningKeys, 'active' | 'find' | 'isPublished'>;
  /** `iss`: the public URL. */
  issuer: string;
  /** `aud` */
  audience: string;
  clock: Clock;
}>;

type Verified = Readonly<{ kid: string; claims: AccessTokenClaims }>;

/** RFC 9068, 2.1 */
const TYPE = 'at+jwt';
const MAX_TOKEN_LENGTH = 4096;
const MAX_VERIFIED_TOKENS = 10_000;
/** Tolerance for `nbf` and `iat`, since clocks of processes differ. Expiry has none. */
const CLOCK_TOLERANCE_SECONDS = 5;

// Only the parameters that Latchkey writes: a token with `jwk`, `jku`, `x5u` or `crit` is refused.
const HEADER_PARAMETERS = new Set(['alg', 'kid', 'typ']);

const isOurs = (header: JWTHeaderParameters): boolean =>
  header.typ === TYPE && Object.keys(header).every((name) => HEADER_PARAMETERS.has(name));

/**
 * Issues and verifies access tokens as JWT (RFC 9068). Verified tokens are cached, so that a
 * signature is checked once per token; expiry and removal of the key are checked every time.
 */
export const createJoseAccessTokens = ({
  signingKeys,
  issuer,
  audience,
  clock,
}: Dependencies): AccessTokens => {
  const remembered = new LRUCache<string, Verified>({ max: MAX_VERIFIED_TOKENS });

  const keyFor = async (header: JWTHeaderParameters) => {
    const key =
      isOurs(header) && typeof header.kid === 'string'
        ? await signingKeys.find(header.kid)
        : undefined;
    // A key is valid for its own algorithm only (RFC 8725, 3.1).
    if (key?.algorithm !== header.alg) throw new errors.JWKSNoMatchingKey();
    return key.key;
  };

  const verifySignature = async (token: string): Promise<Verified | undefined> => {
    try {
      const { payload, protectedHeader } = await jwtVerify(token, keyFor, {
        algorithms: [...signingAlgorithms],
        issuer,
        audience,
        currentDate: new Date(clock.now()),
        clockTolerance: CLOCK_TOLERANCE_SECONDS,
      });
      const claims = parseAccessTokenClaims(payload);
      return claims && { kid: protectedHeader.kid ?? '', claims };
    } catch (error) {
      if (error instanceof errors.JOSEError) return undefined;
      throw error;
    }
  };

  const isCurrent = ({ kid, claims }: Verified): boolean => {
    const now = Date.parse(clock.now()) / 1000;
    return (
      now < claims.exp &&
      claims.iat <= now + CLOCK_TOLERANCE_SECONDS &&
      signingKeys.isPublished(kid)
    );
  };

  return {
    issue: async (claims) => {
      const { kid, algorithm, key } = signingKeys.active();
      const header = { alg: algorithm, kid, typ: TYPE };
      return signCompactJws(header, { ...claims, iss: issuer, aud: audience }, key);
    },

    verify: async (token) => {
      if (token.length > MAX_TOKEN_LENGTH) return undefined;
      const known = remembered.get(token);
      const verified = known ?? (await verifySignature(token));
      if (!verified) return undefined;
      if (!isCurrent(verified)) {
        remembered.delete(token);
        return undefined;
      }
      if (!known) remembered.set(token, verified);
      return verified.claims;
    },
  };
};
