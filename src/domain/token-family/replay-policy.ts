/** The leniency of a refresh towards a client that may have lost the last answer. */
export type ReplayPolicy = Readonly<{
  /** Seconds after a rotation in which the superseded token still gets the identical successor. */
  graceSeconds: number;
  /** The verdict on the same client's superseded token after that: theft, or a lost answer. */
  lostResponse: 'revoke' | 'recover';
  /** Replays granted per generation. */
  maxReplays: number;
}>;
