import { createHash } from 'node:crypto';

/** A session as its client knows it. */
export type HeldSession = {
  id: string;
  userId: string;
  accessToken: string;
  /** Of generations 0, 1, 2, … as far as they were handed out to us. */
  refreshTokens: string[];
  /** Told to be over, for this reason. */
  ended?: 'sign_out' | 'theft' | 'password_changed';
};

export type Person = {
  email: string;
  password: string;
  userId: string;
  verified: boolean;
  passwordChanges: number;
  /** Names that were acknowledged last, by household. */
  households: Map<string, string>;
  revokedInvitations: string[];
};

export type Ledger = Readonly<{
  people: Person[];
  /** By family. */
  sessions: Map<string, HeldSession>;
}>;

export const createLedger = (): Ledger => ({ people: [], sessions: new Map() });

const GENERATION_AT = 18;

/** Version, key id and family come before it. */
export const generationOf = (refreshToken: string): number =>
  Buffer.from(refreshToken.slice('lkr_'.length), 'base64url').readUInt32BE(GENERATION_AT);

/** As the log has it. */
export const hashOf = (refreshToken: string): string =>
  createHash('sha256').update(refreshToken).digest('hex');

export const liveToken = ({ refreshTokens }: HeldSession): string => refreshTokens.at(-1) ?? '';

/** @returns false when another token of that generation was handed out before */
export const takeToken = (session: HeldSession, token: string): boolean => {
  const generation = generationOf(token);
  const known = session.refreshTokens[generation];
  if (known !== undefined && known !== token) return false;
  session.refreshTokens[generation] = token;
  return true;
};
