import type { TheftReplay } from '../../../../../application/auditing/theft/theft-replay.ts';
import type { TimelineEntry } from '../../../../../application/auditing/theft/theft-timeline-entries.ts';
import { accessTokenEndWords } from '../../../../../application/sessions/refresh-words.ts';
import { auditTable, type Row } from '../parts/audit-table.ts';
import { type Html, html, quoted } from '../parts/html.ts';
import { shownTime } from '../parts/shown-values.ts';
import type { PictureStory } from './family-layout.ts';
import { type Moment, type Stop, spanLines, stopsOf } from './family-stops.ts';
import { storyOf } from './family-story.ts';
import { momentWords } from './family-words.ts';

type Party = Readonly<{ ip: string | null; userAgent: string | null }>;

/** Renders address and agent, as far as they are not erased. */
const shownParty = ({ ip, userAgent }: Party): Html | string => {
  const parts = [ip, userAgent].filter((part) => part !== null && part !== '');
  return parts.length === 0
    ? '–'
    : html`${parts.map((part) => html`<span class="party">${quoted(part ?? '')}</span>`)}`;
};

const markOf = (entry: TimelineEntry, theft: TheftReplay['theft']) => {
  if (entry.type === 'TokenFamilyRevoked') return theft === null ? undefined : 'alarm';
  if (entry.type === 'TokenTheftDetected') return 'presenter';
  const afterSplit = theft !== null && (entry.generation ?? 0) > theft.presentedGeneration;
  return afterSplit ? 'holder' : undefined;
};

type Span = Extract<Stop, { kind: 'span' }>;

/** Spans with more events than this are one row in the tables, too. */
const MOST_ROWS = 200;

/** Turns a list into rows, with one row for all items of a long span. */
const withoutLongWhiles = <Item>(
  items: readonly Item[],
  spanOf: (item: Item) => Span | undefined,
  rows: Readonly<{ of: (item: Item) => Row; ofSpan: (span: Span, first: Item) => Row }>,
): readonly Row[] => {
  const shown = new Set<Span>();
  return items.flatMap((item) => {
    const span = spanOf(item);
    if (span === undefined) return [rows.of(item)];
    if (shown.has(span)) return [];
    shown.add(span);
    return [rows.ofSpan(span, item)];
  });
};

const longSpansOf = (story: PictureStory): readonly Span[] =>
  stopsOf(story).flatMap((stop) =>
    stop.kind === 'span' && stop.moments.length > MOST_ROWS ? [stop] : [],
  );

/** Finds spans by a key of their moments. */
const spansBy = <Key>(spans: readonly Span[], keyOf: (moment: Moment) => Key) =>
  new Map(spans.flatMap((span) => span.moments.map((moment) => [keyOf(moment), span] as const)));

const fromTo = ({ at, until }: Span): Html => html`${shownTime(at)} to ${shownTime(until)}`;

/** Renders every event of the family as a table, including those that the picture leaves out. */
export const familyTable = (replay: TheftReplay): Html => {
  const { timeline, theft } = replay;
  const spans = spansBy(longSpansOf(storyOf(replay)), ({ revision }) => revision);
  return auditTable({
    label: 'Every event',
    columns: ['No.', 'When', 'Event', 'Client', 'Access token'],
    rows: withoutLongWhiles(timeline, ({ revision }) => spans.get(revision), {
      of: (entry) => ({
        id: `event-${entry.revision}`,
        mark: markOf(entry, theft),
        cells: [
          entry.revision,
          shownTime(entry.at),
          momentWords(entry),
          shownParty(entry),
          entry.accessToken === null ? '–' : `.${entry.accessToken}`,
        ],
      }),
      ofSpan: (span, first) => ({
        id: `event-${first.revision}`,
        mark: markOf(first, theft),
        cells: ['…', fromTo(span), spanLines(span).join(', '), '…', '…'],
      }),
    }),
  });
};

/** Renders the access tokens, the bars of the picture, as a table. */
export const accessTokenTable = (replay: TheftReplay): Html => {
  const spans = spansBy(longSpansOf(storyOf(replay)), ({ accessToken }) => accessToken);
  return auditTable({
    label: 'Access tokens',
    columns: ['Token', 'Minted', 'Valid until', 'Reason for its end'],
    rows: withoutLongWhiles(replay.accessTokens, ({ ordinal }) => spans.get(ordinal), {
      of: ({ ordinal, mintedAt, endsAt, end, afterSplit }) => ({
        mark: afterSplit ? 'holder' : undefined,
        cells: [`.${ordinal}`, shownTime(mintedAt), shownTime(endsAt), accessTokenEndWords[end]],
      }),
      ofSpan: (span, { afterSplit }) => ({
        mark: afterSplit ? 'holder' : undefined,
        cells: ['…', fromTo(span), '…', '…'],
      }),
    }),
  });
};
