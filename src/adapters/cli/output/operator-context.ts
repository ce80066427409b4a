import { userInfo } from 'node:os';
import type { IdGenerator } from '../../../application/kernel/id-generator.ts';
import type { RequestContext } from '../../../application/kernel/request-context.ts';

/** Names the operating-system user at the terminal as the actor of a command. */
export const operatorContext = ({ eventId }: IdGenerator): RequestContext => ({
  correlationId: eventId(),
  actor: `cli:${userInfo().username}`,
  client: { ip: '', userAgent: 'latchkey command line' },
});
