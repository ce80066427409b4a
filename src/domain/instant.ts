/** A point in time as `Date#toISOString()` writes it: UTC, fixed width, sorts as text. */
export type Instant = string;

export const plusSeconds = (instant: Instant, seconds: number): Instant =>
  new Date(Date.parse(instant) + seconds * 1000).toISOString();

/** Whole seconds from `earlier` to `later`; never negative, so a clock that moved back counts as no time. */
export const secondsBetween = (earlier: Instant, later: Instant): number =>
  Math.max(0, Math.floor((Date.parse(later) - Date.parse(earlier)) / 1000));

export const earliest = (a: Instant, b: Instant): Instant => (a < b ? a : b);
