import { createPrivateKey, type KeyObject } from 'node:crypto';
import { type CryptoKey, importJWK, type JSONWebKeySet, type JWK } from 'jose';
import { ApplicationError } from '../../application/kernel/errors.ts';
import type { LoadedSigningKeys, SigningAlgorithm, SigningKey } from './signing-key.ts';
import type { SigningKeyStore } from './signing-key-store.ts';

/** A private key for node:crypto. */
export type SignatureKey = Readonly<{ kid: string; algorithm: SigningAlgorithm; key: KeyObject }>;

/** A public key for jose. */
export type VerificationKey = Readonly<{ algorithm: SigningAlgorithm; key: CryptoKey }>;

/** The signing keys in memory, which sign and verify tokens without I/O. */
export type SigningKeys = Readonly<{
  /**
   * Reads the keys now, and again every 30 seconds.
   * @throws ApplicationError `service_unavailable`, and what `SigningKeyStore.load` throws
   */
  load(): Promise<void>;
  /**
   * Returns the private key that signs. @throws ApplicationError `service_unavailable` before
   * `load`
   */
  active(): SignatureKey;
  /** Whether the key is still published, as far as this process knows. */
  isPublished(kid: string): boolean;
  /**
   * Finds a public key. An unknown id triggers a reload, at most once a second regardless of the
   * number of forged tokens; undefined when the key stays unknown or the reload fails.
   */
  find(kid: string): Promise<VerificationKey | undefined>;
  /** Returns all public keys: next, active and retired (RFC 7517). */
  jwks(): JSONWebKeySet;
  /** Ends the periodic reload. */
  stop(): void;
}>;

type Options = Readonly<{
  /** Called when a periodic reload fails; the known keys stay in use. */
  onRefreshError?: (error: unknown) => void;
  /** Reads a monotonic clock, in milliseconds. */
  elapsed?: () => number;
}>;

type Loaded = Readonly<{
  active: SignatureKey;
  keys: ReadonlyMap<string, VerificationKey>;
  jwks: JSONWebKeySet;
}>;

const REFRESH_INTERVAL_MS = 30_000;
const UNKNOWN_KEY_INTERVAL_MS = 1_000;

const importPublicKey = async ({
  kid,
  algorithm,
  publicJwk,
}: SigningKey): Promise<[kid: string, key: VerificationKey]> => {
  const key = await importJWK(publicJwk, algorithm);
  if (key instanceof Uint8Array) throw new TypeError(`signing key ${kid} is not a public key`);
  return [kid, { algorithm, key }];
};

const toPublishedJwk = ({ kid, algorithm, publicJwk }: SigningKey): JWK => ({
  ...publicJwk,
  kid,
  alg: algorithm,
  use: 'sig',
});

const prepare = async ({ published, active }: LoadedSigningKeys): Promise<Loaded> => ({
  active: {
    kid: active.kid,
    algorithm: active.algorithm,
    key: createPrivateKey({ key: active.privateJwk, format: 'jwk' }),
  },
  keys: new Map(await Promise.all(published.map(importPublicKey))),
  jwks: { keys: published.map(toPublishedJwk) },
});

/** Creates the signing keys in memory; `load` must be called before their use. */
export const createSigningKeys = (
  store: Pick<SigningKeyStore, 'load'>,
  { onRefreshError = () => undefined, elapsed = () => performance.now() }: Options = {},
): SigningKeys => {
  let loaded: Loaded | undefined;
  let reading: Promise<void> | undefined;
  let lastReadAt = Number.NEGATIVE_INFINITY;
  let timer: NodeJS.Timeout | undefined;

  const current = (): Loaded => {
    if (!loaded) throw new ApplicationError('service_unavailable', { retryAfterSeconds: 1 });
    return loaded;
  };

  const read = async (): Promise<void> => {
    lastReadAt = elapsed();
    loaded = await prepare(await store.load());
  };

  /** Runs one reload at a time, so that an older one cannot overwrite the result of a newer one. */
  const refresh = (): Promise<void> => {
    reading ??= read().finally(() => {
      reading = undefined;
    });
    return reading;
  };

  const tryRefresh = (): Promise<void> => refresh().catch(onRefreshError);

  return {
    load: async () => {
      // A running reload may have begun before the change that the caller expects.
      if (reading) await reading.catch(() => undefined);
      await refresh();
      timer ??= setInterval(tryRefresh, REFRESH_INTERVAL_MS).unref();
    },
    active: () => current().active,
    isPublished: (kid) => current().keys.has(kid),
    find: async (kid) => {
      const known = current().keys.get(kid);
      if (known) return known;
      if (reading || elapsed() - lastReadAt >= UNKNOWN_KEY_INTERVAL_MS) await tryRefresh();
      return current().keys.get(kid);
    },
    jwks: () => current().jwks,
    stop: () => {
      clearInterval(timer);
      timer = undefined;
    },
  };
};
