import { calculateJwkThumbprint, exportJWK, generateKeyPair, type JWK } from 'jose';
import type { SigningAlgorithm } from './signing-key.ts';

/** A new key pair as JWK. */
export type GeneratedSigningKey = Readonly<{
  kid: string;
  algorithm: SigningAlgorithm;
  publicJwk: JWK;
  privateJwk: JWK;
}>;

/** NIST's minimum until 2030 (SP 800-57, table 2); more bits make verification slower. */
const RSA_MODULUS_BITS = 2048;

/** Generates a key pair and exports it as JWK, since it is stored encrypted in the database. */
export const generateSigningKey = async (
  algorithm: SigningAlgorithm,
): Promise<GeneratedSigningKey> => {
  const { publicKey, privateKey } = await generateKeyPair(algorithm, {
    extractable: true,
    modulusLength: RSA_MODULUS_BITS,
  });
  const [publicJwk, privateJwk] = await Promise.all([exportJWK(publicKey), exportJWK(privateKey)]);
  return { kid: await calculateJwkThumbprint(publicJwk), algorithm, publicJwk, privateJwk };
};
