/** All times in milliseconds. */
export type Rules = Readonly<{
  grace: number;
  lostResponse: 'revoke' | 'recover';
  maxReplays: number;
  idle: number;
  absolute: number;
  accessToken: number;
}>;

export type Agent = 'laptop' | 'stranger';

/** `behind`: how many generations before the live token; negative: after it. */
export type Step =
  | Readonly<{ kind: 'wait'; milliseconds: number }>
  | Readonly<{ kind: 'present'; agent: Agent; behind: number; forgedSalt: boolean }>
  /** The `back`-th access token before the one minted last. */
  | Readonly<{ kind: 'revokeAccessToken'; back: number }>
  | Readonly<{ kind: 'revoke' }>;

export type Answer =
  | 'waited'
  | 'successor'
  | 'same successor again'
  | 'refused: invalid'
  | 'refused: reused'
  | 'theft'
  | 'access token revoked'
  | 'switched'
  | 'revoked'
  | 'already revoked';

/**
 * A second implementation of the refresh protocol, by its table in docs/refresh-tokens.md and
 * without code of the product, to compare the decider with.
 */
export const createRefreshProtocolModel = (rules: Rules) => {
  let now = 0;
  let dead = false;
  let generations = 1;
  let issuedAt = 0;
  let agent: Agent = 'laptop';
  let handedOutAgain = 0;
  let end = Math.min(rules.idle, rules.absolute);
  /** Tokens that expire within one minute count as unexpired until the last of them expires. */
  const accessTokens: { minute: { end: number }; revoked: boolean }[] = [];
  const mintAccessToken = () => {
    const ends = now + rules.accessToken;
    const last = accessTokens.at(-1)?.minute;
    const together =
      last !== undefined &&
      last.end > now &&
      Math.floor(last.end / 60_000) === Math.floor(ends / 60_000);
    const minute = together ? last : { end: ends };
    minute.end = ends;
    accessTokens.push({ minute, revoked: false });
  };
  mintAccessToken();

  const present = ({ behind, forgedSalt, agent: asking }: Step & { kind: 'present' }): Answer => {
    const distance = Math.min(behind, generations - 1);
    if (dead || forgedSalt || behind < 0 || now >= end) return 'refused: invalid';
    if (distance === 0) {
      generations += 1;
      issuedAt = now;
      agent = asking;
      handedOutAgain = 0;
      end = Math.min(now + rules.idle, rules.absolute);
      mintAccessToken();
      return 'successor';
    }
    const inTime = rules.lostResponse === 'recover' || now - issuedAt < rules.grace;
    if (distance > 1 || asking !== agent || !inTime) {
      dead = true;
      return 'theft';
    }
    if (handedOutAgain >= rules.maxReplays) return 'refused: reused';
    handedOutAgain += 1;
    mintAccessToken();
    return 'same successor again';
  };

  const revokeAccessToken = (back: number): Answer => {
    const token = accessTokens[accessTokens.length - 1 - back];
    const alive = token !== undefined && now < token.minute.end;
    if (dead || !alive || token.revoked) return 'already revoked';
    token.revoked = true;
    return 'access token revoked';
  };

  return (step: Step): Answer => {
    switch (step.kind) {
      case 'wait':
        now += step.milliseconds;
        return 'waited';
      case 'present':
        return present(step);
      case 'revokeAccessToken':
        return revokeAccessToken(step.back);
      case 'revoke': {
        const answer = dead ? 'already revoked' : 'revoked';
        dead = true;
        return answer;
      }
    }
  };
};
