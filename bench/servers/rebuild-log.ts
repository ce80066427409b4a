import { createHash, randomUUID } from 'node:crypto';
import type { EventCodec, Subject } from '../../src/adapters/event-store/event-codec.ts';
import { CHAIN_START } from '../../src/adapters/event-store/stored-event.ts';
import { toCopyText } from '../../src/adapters/postgres/connection/copy-text.ts';
import {
  type EventShape,
  type StreamId,
  streamName,
} from '../../src/application/kernel/event-store.ts';
import type { Columns } from '../../src/application/projections/row-change.ts';
import { tokens } from '../../src/composition/system-tokens.ts';
import type { System } from '../../src/server/open-system.ts';

type Placed = Readonly<{ stream: StreamId; event: EventShape }>;
/** The events of one user's visit, which are emitted one per turn. */
type Visit = Readonly<{ events: readonly Placed[]; next: number }>;

const HASHED =
  '$argon2id$v=19$m=19456,t=2,p=1$c2FsdHNhbHQ$dGFndGFndGFndGFndGFndGFndGFndGFndGFndGFndGE';
/** Concurrent visits, whose events alternate. */
const AT_A_TIME = 5_000;
/** The share of all users that visit before a user returns. */
const RETURN_AFTER = 0.4;
const DAY_MS = 86_400_000;
const LOG_DAYS = 20;

const sha = (text: string) => createHash('sha256').update(text).digest('hex');
const later = (time: string, days: number) =>
  new Date(Date.parse(time) + days * DAY_MS).toISOString();
const issued = (seed: string, now: string) => ({
  id: sha(`id ${seed}`),
  keyId: 1,
  tokenHash: sha(seed),
  expiresAt: later(now, 7),
});

const session = (person: number, visit: number, now: string, rotations: number): Placed[] => {
  const id = randomUUID();
  const stream: StreamId = { category: 'tokenFamily', id };
  const holder = {
    ip: `198.51.${person % 256}.${visit}`,
    userAgent: 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36',
    agentHash: sha(id),
  };
  const common = { userId: `user_${person}`, householdId: `hh_${person}`, holder };
  const minted = (n: number) => ({
    refreshToken: { tokenHash: sha(`${id} ${n}`), keyId: 1 },
    accessToken: { ordinal: n, expiresAt: later(now, 0.01) },
    expiresAt: later(now, 30),
  });
  const started = {
    type: 'TokenFamilyStarted',
    data: {
      ...common,
      ...minted(0),
      deviceName: 'Laptop',
      salt: id.replaceAll('-', ''),
      absoluteExpiresAt: later(now, 90),
      startedAt: now,
    },
  };
  const rotated = Array.from({ length: rotations }, (_, n) => ({
    type: 'RefreshTokenRotated',
    data: { ...common, ...minted(n + 1), generation: n + 1, rotatedAt: now },
  }));
  const spans = [{ first: 0, last: rotations, expiresAt: later(now, 0.01) }];
  const data = { userId: common.userId, reason: 'sign_out', accessTokens: spans, revokedAt: now };
  const ended = person % 2 === 0 ? [{ type: 'TokenFamilyRevoked', data }] : [];
  return [started, ...rotated, ...ended].map((event) => ({ stream, event }));
};

const addressOf = (person: number) => `person.${person}@mail.example.com`;

const firstVisit = (person: number, now: string): Placed[] => {
  const user: StreamId = { category: 'user', id: `user_${person}` };
  const household: StreamId = { category: 'household', id: `hh_${person}` };
  const registered = {
    email: addressOf(person),
    username: `person.${person}`,
    displayName: `Person ${person}`,
    passwordHash: HASHED,
    householdId: household.id,
    role: 'user',
    tier: 'free',
    locale: 'en',
    pending: false,
    registeredAt: now,
  };
  const created = { name: `Home ${person}`, ownerId: user.id, home: true, createdAt: now };
  const verified = { email: addressOf(person), verifiedAt: now };
  return [
    { stream: user, event: { type: 'UserRegistered', data: registered } },
    { stream: household, event: { type: 'HouseholdCreated', data: created } },
    { stream: user, event: { type: 'EmailVerified', data: verified } },
    ...session(person, 0, now, 2),
  ];
};

const returnVisit = (person: number, now: string): Placed[] => {
  const user: StreamId = { category: 'user', id: `user_${person}` };
  const moved = {
    email: `moved.${addressOf(person)}`,
    previous: addressOf(person),
    undo: { number: 0, token: issued(user.id, now) },
    undoes: null,
    previousHeldUntil: later(now, 30),
    changedAt: now,
  };
  const renamed = { displayName: `Person ${person} again`, changedAt: now };
  const host: StreamId = { category: 'household', id: `hh_${Math.max(0, person - 1)}` };
  const joined = { userId: user.id, role: 'member', home: false, invitationId: null, addedAt: now };
  return [
    ...session(person, 1, now, 2),
    ...(person % 3 === 0 ? [{ stream: user, event: { type: 'EmailChanged', data: moved } }] : []),
    ...(person % 3 === 1
      ? [{ stream: user, event: { type: 'DisplayNameChanged', data: renamed } }]
      : []),
    ...(person % 5 === 4 ? [{ stream: host, event: { type: 'MemberAdded', data: joined } }] : []),
  ];
};

/** Every user visits once, and again after many other users. */
function* visitsOf(people: number): Iterable<Visit> {
  const began = Date.now() - LOG_DAYS * DAY_MS;
  const away = Math.floor(people * RETURN_AFTER);
  for (let n = 0; n < people + away; n += 1) {
    const now = new Date(began + (n / (people + away)) * LOG_DAYS * DAY_MS).toISOString();
    if (n < people) yield { events: firstVisit(n, now), next: 0 };
    if (n >= away) yield { events: returnVisit(n - away, now), next: 0 };
  }
}

function* interleaveVisits(people: number): Iterable<Placed> {
  const visits = visitsOf(people)[Symbol.iterator]();
  const present: Visit[] = [];
  const admit = () => {
    const { value, done } = visits.next();
    if (done !== true) present.push(value);
  };
  for (let n = 0; n < AT_A_TIME; n += 1) admit();
  for (let turn = 0; present.length > 0; turn += 1) {
    const place = (turn * 7_919) % present.length;
    const visit = present[place];
    const event = visit?.events[visit.next];
    if (visit !== undefined && event !== undefined) {
      yield event;
      present[place] = { ...visit, next: visit.next + 1 };
      continue;
    }
    const last = present.pop();
    if (last !== undefined && place < present.length) present[place] = last;
    admit();
  }
}

const encoder = (codec: EventCodec) => {
  const ends = new Map<string, { revision: bigint; chain: string }>();
  const subjects = new Map<string, Subject>();
  const keys: Columns[] = [];
  const subjectOf = (id: string): Subject => {
    const known = subjects.get(id);
    if (known !== undefined) return known;
    const { key, wrapped } = codec.createWrappedKey(id);
    keys.push({ subject_id: id, wrapped_key: wrapped });
    const subject = { id, key };
    subjects.set(id, subject);
    return subject;
  };
  const encode = ({ stream, event }: Placed, n: number): Columns => {
    const name = streamName(stream);
    const { revision, chain } = ends.get(name) ?? { revision: 0n, chain: CHAIN_START };
    const owner = 'userId' in event.data ? String(event.data.userId) : stream.id;
    const subject = subjectOf(stream.category === 'tokenFamily' ? owner : stream.id);
    const eventId = randomUUID();
    const occurredAt = new Date().toISOString();
    const metadata = { occurredAt, correlationId: eventId, causationId: eventId, actor: 'system' };
    const stored = codec.encode({ eventId, event, metadata }, stream, revision, chain, subject);
    ends.set(name, { revision: revision + 1n, chain: stored.metadata.chain });
    return {
      global_position: n + 1,
      // One old transaction: events are readable, in the order of their positions.
      transaction_id: 10,
      stream_id: name,
      revision: String(revision),
      event_id: eventId,
      type: stored.type,
      schema_version: stored.schemaVersion,
      data: JSON.stringify(stored.data),
      metadata: JSON.stringify(stored.metadata),
      occurred_at: occurredAt,
    };
  };
  return { encode, keys };
};

const EVENT = [
  'global_position',
  'transaction_id',
  'stream_id',
  'revision',
  'event_id',
  'type',
  'schema_version',
  'data',
  'metadata',
  'occurred_at',
];

/** Fills the log with about ten events for each of `people` users, encrypted and chained. */
export const fillLog = ({ get }: System, people: number): Promise<number> =>
  get(tokens.database).session(async (connection) => {
    const { encode, keys } = encoder(get(tokens.codec));
    let events = 0;
    function* rows(): Iterable<Columns> {
      for (const placed of interleaveVisits(people)) {
        yield encode(placed, events);
        events += 1;
      }
    }
    await connection.copyIn(`COPY events (${EVENT}) FROM STDIN`, toCopyText(rows(), EVENT));
    const KEY = ['subject_id', 'wrapped_key'];
    await connection.copyIn(`COPY subject_keys (${KEY}) FROM STDIN`, toCopyText(keys, KEY));
    await connection.query({ text: 'ANALYZE events, subject_keys' });
    return events;
  });
