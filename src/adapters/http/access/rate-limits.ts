import type { FastifyRequest } from 'fastify';
import { foldUsername } from '../../../domain/user/username.ts';
import { HttpError } from '../problems/http-error.ts';
import { clientNetwork } from './client-network.ts';

/** A number of requests per window; the first request opens the window. */
export type Limit = Readonly<{ points: number; seconds: number }>;

export type RateLimiter = Readonly<{
  /**
   * Counts one request. A refused one counts as well, but does not prolong the window.
   * @throws ApplicationError `service_unavailable`
   */
  consume(
    key: string,
    limit: Limit,
  ): Promise<{ allowed: true } | { allowed: false; retryAfterSeconds: number }>;
}>;

/** A `preHandler`. @throws HttpError `rate_limited` */
export type RateLimitHook = (request: FastifyRequest) => Promise<void>;

const MINUTE = 60;
const HOUR = 3_600;

/**
 * Generous for people, also for many behind one address; tight for robots. `network` is per route and
 * client network, `account` per group and account.
 */
export const rateLimits = {
  signIn: {
    network: { points: 300, seconds: MINUTE },
    account: { points: 60, seconds: MINUTE },
  },
  register: {
    network: { points: 120, seconds: MINUTE },
    account: { points: 30, seconds: HOUR },
  },
  /** Requests that cause a mail: to reset a password, to verify an address. */
  mail: {
    network: { points: 120, seconds: MINUTE },
    account: { points: 30, seconds: HOUR },
  },
  /** One-time tokens that are handed back. */
  confirm: { network: { points: 120, seconds: MINUTE } },
  guest: { network: { points: 60, seconds: MINUTE } },
  /** Passwords of signed-in users. */
  stepUp: { account: { points: 30, seconds: MINUTE } },
  /** Changes of a signed-in user's own profile. */
  profile: { account: { points: 60, seconds: MINUTE } },
  /** Exports of an account. */
  exported: { account: { points: 10, seconds: HOUR } },
  /** New households. */
  household: { account: { points: 30, seconds: HOUR } },
  /** Every change of a household is an event in its stream. */
  membership: { account: { points: 120, seconds: HOUR } },
  invite: {
    network: { points: 120, seconds: HOUR },
    account: { points: 60, seconds: HOUR },
  },
  /** New rows of household tables. */
  record: { account: { points: 600, seconds: MINUTE } },
  oauth: { network: { points: 600, seconds: MINUTE } },
} as const satisfies Readonly<Record<string, Readonly<{ network?: Limit; account?: Limit }>>>;

export type RateLimitGroup = keyof typeof rateLimits;

type Options = Readonly<{
  limiter: RateLimiter;
  network?: Limit;
  /** `keyOf` reads who is meant, in any spelling; undefined if the request does not say. */
  account?: Readonly<{
    group: string;
    limit: Limit;
    keyOf: (request: FastifyRequest) => string | undefined;
  }>;
}>;

/** The route's pattern, never the path: variations of that would be as many keys. */
const networkKey = ({ method, routeOptions, ip }: FastifyRequest): string =>
  `network:${method} ${routeOptions.url}:${clientNetwork(ip)}`;

/** Refuses a request for which one of the limits is used up. Needs a parsed body. */
export const limitRate =
  ({ limiter, network, account }: Options): RateLimitHook =>
  async (request) => {
    const name = account?.keyOf(request);
    const answers = await Promise.all([
      network && limiter.consume(networkKey(request), network),
      // The domain folds addresses and user names alike; what is neither is folded the same way.
      account &&
        name !== undefined &&
        limiter.consume(`account:${account.group}:${foldUsername(name)}`, account.limit),
    ]);
    const waits = answers.flatMap((answer) =>
      answer && !answer.allowed ? [answer.retryAfterSeconds] : [],
    );
    if (waits.length === 0) return;
    throw new HttpError('rate_limited', { retryAfterSeconds: Math.max(...waits) });
  };

/** The text of a member of the body, whatever the body is. */
const bodyText = ({ body }: FastifyRequest, member: string): string | undefined => {
  if (typeof body !== 'object' || body === null) return undefined;
  const { [member]: value } = body as Readonly<Record<string, unknown>>;
  return typeof value === 'string' ? value : undefined;
};

const signedInUser = ({ claims }: FastifyRequest): string | undefined => claims?.sub;

const identifierInBody = (request: FastifyRequest): string | undefined =>
  bodyText(request, 'identifier') ?? bodyText(request, 'email');

export type RateLimits = Readonly<Record<RateLimitGroup, RateLimitHook>>;

/** One `preHandler` per group of routes: `{ preHandler: limits.signIn }`. No limiter, no limits. */
export const createRateLimits = (limiter: RateLimiter | undefined): RateLimits => {
  const hookOf = (
    group: RateLimitGroup,
    keyOf: (request: FastifyRequest) => string | undefined = () => undefined,
  ): RateLimitHook => {
    if (limiter === undefined) return async () => undefined;
    const { network, account }: { network?: Limit; account?: Limit } = rateLimits[group];
    return limitRate({
      limiter,
      ...(network && { network }),
      ...(account && { account: { group, limit: account, keyOf } }),
    });
  };
  return {
    signIn: hookOf('signIn', identifierInBody),
    register: hookOf('register', identifierInBody),
    mail: hookOf('mail', (request) => identifierInBody(request) ?? signedInUser(request)),
    confirm: hookOf('confirm'),
    guest: hookOf('guest'),
    stepUp: hookOf('stepUp', signedInUser),
    profile: hookOf('profile', signedInUser),
    exported: hookOf('exported', signedInUser),
    household: hookOf('household', signedInUser),
    membership: hookOf('membership', signedInUser),
    invite: hookOf('invite', signedInUser),
    record: hookOf('record', signedInUser),
    oauth: hookOf('oauth'),
  };
};
