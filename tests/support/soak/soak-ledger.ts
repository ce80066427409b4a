import { createHash } from 'node:crypto';

/** A session as its client knows it. */
export type HeldSession = {
  id: string;
  userId: string;
  accessToken: string;
  /** By generation 0, 1, 2, …, as far as the client has received them. */
  refreshTokens: string[];
  /** The reason for which the session must have ended. */
  ended?: 'sign_out' | 'theft' | 'password_changed';
};

export type Person = {
  email: string;
  password: string;
  userId: string;
  verified: boolean;
  passwordChanges: number;
  /** The last acknowledged name of each household. */
  households: Map<string, string>;
  revokedInvitations: string[];
};

export type Ledger = Readonly<{
  people: Person[];
  /** By token family. */
  sessions: Map<string, HeldSession>;
}>;

export const createLedger = (): Ledger => ({ people: [], sessions: new Map() });

const GENERATION_AT = 18;

/** Reads the generation, which follows version, key id and family. */
export const generationOf = (refreshToken: string): number =>
  Buffer.from(refreshToken.slice('lkr_'.length), 'base64url').readUInt32BE(GENERATION_AT);

/** The token hash that the log stores. */
export const hashOf = (refreshToken: string): string =>
  createHash('sha256').update(refreshToken).digest('hex');

export const liveToken = ({ refreshTokens }: HeldSession): string => refreshTokens.at(-1) ?? '';

/** Records a token. @returns false when another token of its generation was issued before */
export const takeToken = (session: HeldSession, token: string): boolean => {
  const generation = generationOf(token);
  const known = session.refreshTokens[generation];
  if (known !== undefined && known !== token) return false;
  session.refreshTokens[generation] = token;
  return true;
};
