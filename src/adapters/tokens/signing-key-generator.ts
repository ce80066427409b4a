import { calculateJwkThumbprint, exportJWK, generateKeyPair, type JWK } from 'jose';
import type { SigningAlgorithm } from './signing-key.ts';

export type GeneratedSigningKey = Readonly<{
  kid: string;
  algorithm: SigningAlgorithm;
  publicJwk: JWK;
  privateJwk: JWK;
}>;

/** NIST's floor until 2030 (SP 800-57, table 2); verification gets slower with every bit more. */
const RSA_MODULUS_BITS = 2048;

/** A fresh key pair. It leaves WebCrypto as JWK, since it is kept sealed in the database. */
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
