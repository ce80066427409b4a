import type { Account } from '../../../src/application/identity/account-directory.ts';
import type {
  EventShape,
  Position,
  RecordedEvent,
} from '../../../src/application/kernel/event-store.ts';
import { START } from './token-family-fixtures.ts';
import { hash } from './user-fixtures.ts';

/** An event of Ann's stream as the log returns it. */
export const recorded = (event: EventShape, n = 0): RecordedEvent => ({
  eventId: `event-${n}`,
  stream: { category: 'user', id: 'user_ann' },
  revision: BigInt(n),
  position: String(n).padStart(20, '0') as Position,
  event,
  metadata: {
    occurredAt: START,
    correlationId: 'request-1',
    causationId: 'request-1',
    actor: 'system',
    chain: '00'.repeat(32),
  },
});

type Parts = Readonly<{
  userId?: string;
  email?: string | null;
  emailVerified?: boolean;
  username?: string | null;
  displayName?: string;
  locale?: string;
  active?: boolean;
  role?: 'user' | 'admin';
  tier?: 'anonymous' | 'free' | 'member';
  passwordHash?: string | null;
  lockedUntil?: string | null;
}>;

/** Ann's account as the directory returns it. */
export const accountOf = ({
  userId = 'user_ann',
  email = 'ann@example.com',
  emailVerified = true,
  username = null,
  displayName = 'Ann',
  locale = 'en',
  active = true,
  role = 'user',
  tier = 'free',
  passwordHash = hash,
  lockedUntil = null,
}: Parts = {}): Account => ({
  userId,
  active,
  role,
  tier,
  emailVerified,
  householdId: 'hh_home',
  householdRole: 'owner',
  passwordHash,
  lockedUntil,
  profile: {
    id: userId,
    email,
    emailVerified,
    username,
    displayName,
    role,
    tier,
    locale,
    active,
    household: { id: 'hh_home', name: 'Home', role: 'owner' },
    createdAt: START,
  },
});
