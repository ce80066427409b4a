/** Figures by name. A name includes the unit, such as `p50 ms`. */
export type Figures = Readonly<Record<string, number>>;

/** One line of a table. */
export type Row = Readonly<{ label: string; figures: Figures }>;

/** A figure compared with the performance budget. */
export type Budget = Readonly<{
  what: string;
  value: number;
  rule: 'at least' | 'at most';
  bound: number;
  unit: string;
}>;

/** The result of a scenario. */
export type Findings = Readonly<{
  rows: readonly Row[];
  budgets: readonly Budget[];
  notes?: readonly string[];
}>;

export const atLeast = (what: string, value: number, bound: number, unit = ''): Budget => ({
  what,
  value,
  rule: 'at least',
  bound,
  unit,
});

export const atMost = (what: string, value: number, bound: number, unit = ''): Budget => ({
  what,
  value,
  rule: 'at most',
  bound,
  unit,
});

export const isMet = ({ value, rule, bound }: Budget): boolean =>
  rule === 'at least' ? value >= bound : value <= bound;
