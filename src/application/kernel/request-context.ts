import type { ClientDetails } from '../../domain/user/user-events.ts';

/** The caller of a request and its origin: metadata of every event that follows. */
export type RequestContext = Readonly<{
  correlationId: string;
  /** A user id, `anonymous`, `system`, or `cli:<os user>`. */
  actor: string;
  /** The access token that the request came with. */
  jti?: string | undefined;
  /** The event that this answers to; the request itself where there is none. */
  causationId?: string | undefined;
  client: ClientDetails;
}>;
