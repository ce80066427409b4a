import type { HouseholdEvent } from '../../domain/household/household-events.ts';
import type { Projection } from './row-change.ts';

/** One row per household, and one per member with the role held there. */
export const householdsProjection: Projection<HouseholdEvent> = ({
  stream: { id },
  event: { data },
}) => [
  {
    table: 'households',
    op: 'insert',
    where: { id },
    set: {
      name: data.name,
      owner_id: data.ownerId,
      created_at: data.createdAt,
      updated_at: data.createdAt,
    },
  },
  {
    table: 'household_members',
    op: 'insert',
    where: { household_id: id, user_id: data.ownerId },
    set: { role: 'owner', joined_at: data.createdAt },
  },
];
