/** Resolves after the given time. */
export type Pause = (milliseconds: number) => Promise<void>;
