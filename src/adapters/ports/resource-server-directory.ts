import type { Instant } from '../../domain/instant.ts';

/** A server that may ask whether a token is active (RFC 7662, 2.1). `id`: `rs_…` */
export type ResourceServer = Readonly<{ id: string; name: string; createdAt: Instant }>;

/** Resource servers, which operators register. They are stored in a table, not in the event log. */
export type ResourceServerDirectory = Readonly<{
  /**
   * Registers a server. @returns its secret, 32 random bytes in base64url, of which only a hash is
   * stored
   * @throws ApplicationError `resource_server_exists` when another one has the name
   */
  add(server: Readonly<{ id: string; name: string }>): Promise<string>;
  /** Lists all servers, oldest first. */
  list(): Promise<readonly ResourceServer[]>;
  /** @throws ApplicationError `resource_server_not_found` */
  remove(id: string): Promise<void>;
  /** Whether `secret` belongs to that server; false for an unknown id. Accepts any text. */
  recognises(id: string, secret: string): Promise<boolean>;
}>;
