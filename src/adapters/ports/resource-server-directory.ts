import type { Instant } from '../../domain/instant.ts';

/** A server that may ask whether a token is active (RFC 7662, 2.1). `id`: `rs_…` */
export type ResourceServer = Readonly<{ id: string; name: string; createdAt: Instant }>;

/** Set up by operators, not by events: no stream stands behind it. */
export type ResourceServerDirectory = Readonly<{
  /**
   * @returns its secret, 32 random bytes in base64url, which is told this once and never stored
   * @throws ApplicationError `resource_server_exists` when another one has the name
   */
  add(server: Readonly<{ id: string; name: string }>): Promise<string>;
  /** The oldest first. */
  list(): Promise<readonly ResourceServer[]>;
  /** @throws ApplicationError `resource_server_not_found` */
  remove(id: string): Promise<void>;
  /** Whether this is the secret of that server; false for an id nobody has. Takes any text. */
  recognises(id: string, secret: string): Promise<boolean>;
}>;
