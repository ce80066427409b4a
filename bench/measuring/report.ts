import { type Budget, type Findings, isMet, type Row } from './findings.ts';
import type { Machine } from './machine.ts';

/** What a run reports of one scenario. */
export type Report = Readonly<{ name: string; title: string; meaning: readonly string[] }> &
  Findings;

const formatNumber = (value: number): string => {
  if (!Number.isFinite(value)) return '-';
  const decimals = value >= 100 ? 0 : value >= 10 ? 1 : 2;
  return value.toLocaleString('en-US', {
    minimumFractionDigits: decimals,
    maximumFractionDigits: decimals,
  });
};

const formatTable = (rows: readonly Row[]): string[] => {
  const columns = [...new Set(rows.flatMap(({ figures }) => Object.keys(figures)))];
  const cells = [
    ['', ...columns],
    ...rows.map(({ label, figures }) => [
      label,
      ...columns.map((column) => {
        const value = figures[column];
        return value === undefined ? '' : formatNumber(value);
      }),
    ]),
  ];
  const widths = ['', ...columns].map((_, i) =>
    Math.max(...cells.map((row) => row[i]?.length ?? 0)),
  );
  return cells.map(([label = '', ...rest]) =>
    [
      label.padEnd(widths[0] ?? 0),
      ...rest.map((cell, i) => cell.padStart(widths[i + 1] ?? 0)),
    ].join('   '),
  );
};

const formatBudget = (budget: Budget): string => {
  const { what, value, rule, bound, unit } = budget;
  const withUnit = (text: string) => (unit === '' ? text : `${text} ${unit}`);
  const verdict = isMet(budget) ? 'met   ' : 'MISSED';
  return `${verdict}  ${what}: ${withUnit(formatNumber(value))} (${rule} ${withUnit(String(bound))})`;
};

const indent = (lines: readonly string[]): string[] => lines.map((line) => `  ${line}`);

export const formatReport = ({ name, title, meaning, rows, budgets, notes = [] }: Report): string =>
  [
    `${title} (${name})`,
    ...indent(meaning),
    '',
    ...indent(formatTable(rows)),
    '',
    ...indent(budgets.map(formatBudget)),
    ...indent(notes.map((note) => `note: ${note}`)),
    '',
  ].join('\n');

export const formatMachine = (machine: Machine, settings: string): string => {
  const { cores, processor, memoryGiB, system, node, loadAtStart } = machine;
  return [
    `${cores} cores of ${processor}, ${memoryGiB} GiB, ${system}, Node ${node}, load ${loadAtStart}`,
    settings,
    '',
  ].join('\n');
};

/** Formats all figures at full precision, and whether each budget was met. */
export const toJson = (machine: Machine, settings: string, reports: readonly Report[]): string =>
  JSON.stringify(
    {
      machine,
      settings,
      scenarios: reports.map(({ budgets, ...report }) => ({
        ...report,
        budgets: budgets.map((budget) => ({ ...budget, met: isMet(budget) })),
      })),
    },
    undefined,
    2,
  );
