import type { Timeline } from '../../../application/auditing/history/as-of-timeline.ts';
import { harmless } from '../output/harmless.ts';
import { formatTable } from '../output/output.ts';

type Line = readonly [label: string, value: string | null];

const LABEL_WIDTH = 12;

/** Formats one line per value, after its label. */
export const formatLines = (lines: readonly Line[]): readonly string[] =>
  lines.map(([label, value]) =>
    `${label.padEnd(LABEL_WIDTH)}${value === null || value === '' ? '-' : harmless(value)}`.trimEnd(),
  );

/** Formats a table under its heading, or `none` without rows. */
export const section = (
  heading: string,
  columns: readonly string[],
  rows: readonly (readonly (string | null)[])[],
): readonly string[] =>
  rows.length === 0
    ? ['', `${heading}: none`]
    : [
        '',
        `${heading}:`,
        formatTable([columns, ...rows.map((row) => row.map((cell) => harmless(cell ?? '-')))]),
      ];

/** Formats the latest events under their count. */
export const timeline = ({ events, eventCount }: Timeline): readonly string[] =>
  section(
    events.length === eventCount
      ? `Events (${eventCount})`
      : `Events (the latest ${events.length} of ${eventCount})`,
    ['when', 'what', 'actor', 'request', 'position', 'data'],
    events.map(({ occurredAt, type, actor, correlationId, position, data }) => [
      occurredAt,
      type,
      actor,
      correlationId,
      position,
      JSON.stringify(data),
    ]),
  );
