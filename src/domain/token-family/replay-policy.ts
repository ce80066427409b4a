/** The leniency of a refresh towards a client that may have lost the last response. */
export type ReplayPolicy = Readonly<{
  /** Seconds after a rotation in which the superseded token is answered with the same successor. */
  graceSeconds: number;
  /** Treats the same client's superseded token after that as theft, or as a lost response. */
  lostResponse: 'revoke' | 'recover';
  /** Limit on replays per generation. */
  maxReplays: number;
}>;
