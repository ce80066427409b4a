/** Lets time pass: answers that must not tell by their time how they came about all take the same. */
export type Pause = (milliseconds: number) => Promise<void>;
