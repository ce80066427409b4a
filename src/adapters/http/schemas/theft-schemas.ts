import { type TSchema, Type } from '@fastify/type-provider-typebox';

/** A readonly array, as the application returns it. */
const List = <Item extends TSchema>(item: Item) => Type.Immutable(Type.Array(item));

const Time = Type.String({ format: 'date-time' });
const NullableTime = Type.Union([Time, Type.Null()]);
const NullableText = Type.Union([Type.String(), Type.Null()]);
const NullableNumber = Type.Union([Type.Integer(), Type.Null()]);
const Revision = Type.String({ description: 'Position in the stream, counted from 0' });
const Jti = Type.String({ description: '`jti` of an access token: `<session>.<number>`' });

const TheftCause = Type.Enum(['older_generation', 'other_client', 'after_grace']);

const Holder = Type.Object({
  ip: Type.String({ description: '`[erased]` once the user is erased' }),
  userAgent: Type.String(),
  client: Type.Union([Type.Integer(), Type.Null()], {
    description: 'Number of the client in this session, from 1, by user agent; null once erased',
  }),
});

const Policy = Type.Object({
  graceSeconds: Type.Number(),
  lostResponse: Type.Enum(['revoke', 'recover']),
  maxReplays: Type.Integer(),
});

const Outcome = Type.Object({
  kind: Type.Enum(['rotate', 'replay', 'too_many_replays', 'theft']),
  cause: Type.Union([TheftCause, Type.Null()]),
});

const TimelineEntry = Type.Object({
  revision: Revision,
  at: Time,
  type: Type.String(),
  actor: Type.String(),
  correlationId: Type.String(),
  generation: NullableNumber,
  ip: NullableText,
  userAgent: NullableText,
  accessToken: NullableNumber,
});

const Theft = Type.Object({
  revision: Revision,
  at: Time,
  cause: TheftCause,
  presentedGeneration: Type.Integer(),
  currentGeneration: Type.Integer(),
  ageSeconds: Type.Integer({ description: 'Seconds since the live token was issued' }),
  presentedAgeSeconds: Type.Integer({
    description: 'Seconds since the presented token was issued',
  }),
  supersededSeconds: Type.Integer({
    description: 'Seconds since the presented token was superseded',
  }),
  presenter: Holder,
  holder: Holder,
  policy: Type.Union([Policy, Type.Null()], {
    description: 'The policy in force at the time; null if the event does not record it',
  }),
});

const Reproduction = Type.Object(
  {
    verdict: Type.Enum(['proven', 'not_reproducible']),
    decisions: Type.Integer(),
    firstDeviation: Type.Union([
      Type.Object({
        revision: Revision,
        recorded: List(Type.String()),
        decided: List(Type.String()),
      }),
      Type.Null(),
    ]),
    policy: Type.Enum(['recorded', 'assumed']),
    clients: Type.Enum(['compared', 'as_recorded']),
  },
  { description: 'The result of repeating every decision from the log alone' },
);

const HeldGeneration = Type.Object({
  generation: Type.Integer(),
  issuedAt: Time,
  holder: Holder,
  supersededAt: NullableTime,
  presentedAgain: List(
    Type.Object({
      at: Time,
      by: Holder,
      outcome: Type.Enum(['replay', 'theft']),
      cause: Type.Union([TheftCause, Type.Null()]),
    }),
  ),
});

const Split = Type.Object(
  { revision: Revision, at: Time, generation: Type.Integer(), holder: Holder },
  { description: 'The rotation from which on two clients held tokens' },
);

const AccessToken = Type.Object({
  jti: Jti,
  ordinal: Type.Integer(),
  generation: Type.Integer(),
  mintedAt: Time,
  expiresAt: Time,
  endsAt: Time,
  end: Type.Enum(['expired', 'revoked', 'household_switched', 'family_revoked']),
  afterSplit: Type.Boolean(),
});

const AffectedEvent = Type.Object({
  eventId: Type.String({ format: 'uuid' }),
  stream: Type.String(),
  revision: Revision,
  type: Type.String(),
  at: Time,
  jti: Type.Union([Jti, Type.Null()]),
  follows: Type.Union([Type.String({ format: 'uuid' }), Type.Null()], {
    description: 'The event that sent the mail, if the action used a link in a mail',
  }),
  what: Type.String(),
  undo: NullableText,
  byHand: NullableText,
});

const BlastRadius = Type.Object({
  known: Type.Boolean({
    description: 'False for a theft older than the record of which access token caused an event',
  }),
  events: List(AffectedEvent),
});

const WhatIf = Type.Object({
  policy: Type.Partial(Policy),
  divergence: Type.Union([
    Type.Object({
      revision: Revision,
      at: Time,
      presentedGeneration: Type.Integer(),
      was: Outcome,
      wouldBe: Outcome,
    }),
    Type.Null(),
  ]),
});

/** The schema of `TheftReplay`. */
export const TokenFamily = Type.Object({
  familyId: Type.String({ format: 'uuid' }),
  userId: Type.String(),
  startedAt: Time,
  theft: Type.Union([Theft, Type.Null()]),
  revocation: Type.Union([Type.Object({ at: Time, reason: Type.String() }), Type.Null()]),
  reproduction: Reproduction,
  chain: Type.Object({ intact: Type.Boolean(), firstBroken: NullableText }),
  generations: List(HeldGeneration),
  split: Type.Union([Split, Type.Null()]),
  accessTokens: List(AccessToken),
  blastRadius: Type.Union([BlastRadius, Type.Null()]),
  whatIf: Type.Union([WhatIf, Type.Null()]),
  timeline: List(TimelineEntry),
});

/** The schema of `TheftSummary`. */
export const TheftSummary = Type.Object({
  familyId: Type.String({ format: 'uuid' }),
  userId: Type.String(),
  at: Time,
  cause: TheftCause,
  presentedGeneration: Type.Integer(),
  currentGeneration: Type.Integer(),
  verdict: Type.Enum(['proven', 'not_reproducible']),
  radius: Type.Union([Type.Integer(), Type.Null()], {
    description:
      'Number of actions with access tokens minted after the split; null if the log does not record them',
  }),
});
