import type { EventShape } from '../../../application/kernel/event-store.ts';
import type { StoredEvent } from '../stored-event.ts';

type Indexed = Readonly<{ session_id: string | null; member_id: string | null }>;

const textIn = (data: object, member: string): string | null => {
  const value = (data as Readonly<Record<string, unknown>>)[member];
  return typeof value === 'string' ? value : null;
};

const memberIn = ({ type, data }: EventShape): string | null => {
  if (type === 'MemberAdded') return textIn(data, 'userId');
  return type === 'HouseholdCreated' ? textIn(data, 'ownerId') : null;
};

/**
 * The columns by which an audit finds an event: its session, and the user who became a member by
 * it.
 */
export const indexedBy = (
  event: EventShape,
  { jti }: Pick<StoredEvent['metadata'], 'jti'>,
): Indexed => ({
  session_id: jti === undefined ? null : (jti.split('.')[0] ?? null),
  member_id: memberIn(event),
});
