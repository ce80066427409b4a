import type { ClientDetails } from '../domain/user/user-events.ts';

/** Who asks, from where, and as part of what: goes into the metadata of every event that follows. */
export type RequestContext = Readonly<{
  correlationId: string;
  /** A user id, `anonymous`, `system`, or `cli:<os user>`. */
  actor: string;
  client: ClientDetails;
}>;
