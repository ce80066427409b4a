/** A point in time as `Date#toISOString()` writes it: UTC, fixed width, sorts as text. */
export type Instant = string;

/** Returns the instant `seconds` after `instant`; negative seconds lie before it. */
export const plusSeconds = (instant: Instant, seconds: number): Instant =>
  new Date(Date.parse(instant) + seconds * 1000).toISOString();

/** Counts whole seconds from `earlier` to `later`; 0 when the clock moved back. */
export const secondsBetween = (earlier: Instant, later: Instant): number =>
  Math.max(0, Math.floor((Date.parse(later) - Date.parse(earlier)) / 1000));

/** Returns the earlier of two instants. */
export const earliest = (a: Instant, b: Instant): Instant => (a < b ? a : b);
