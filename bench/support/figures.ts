/** Figures by name; the name holds the unit, such as `p50 ms`. */
export type Figures = Readonly<Record<string, number>>;

/** One line of a table. */
export type Row = Readonly<{ label: string; figures: Figures }>;
