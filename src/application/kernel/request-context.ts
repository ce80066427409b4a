import type { ClientDetails } from '../../domain/user/user-events.ts';

/** The caller and origin of a request, stored in the metadata of the events that it causes. */
export type RequestContext = Readonly<{
  correlationId: string;
  /** A user id, `anonymous`, `system`, or `cli:<os user>`. */
  actor: string;
  /** The access token that the request came with. */
  jti?: string | undefined;
  /** The event that caused this request; the request itself if undefined. */
  causationId?: string | undefined;
  client: ClientDetails;
}>;
