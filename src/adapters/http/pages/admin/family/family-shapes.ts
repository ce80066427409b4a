import { type Html, html, nothing } from '../parts/html.ts';
import { dayOf, timeOf } from '../parts/shown-values.ts';
import { BAR_ROW, type FamilyLayout } from './family-layout.ts';
import type { PlacedStop } from './family-scale.ts';
import { type Moment, spanLines } from './family-stops.ts';
import { momentWords } from './family-words.ts';

type Party = 'both' | 'holder' | 'presenter';

const RADIUS = 15;

const when = (at: string): string => `${dayOf(at)}, ${timeOf(at)} UTC`;

/** Links a shape to its table row; screen readers and tooltips present `words`. */
const link = (href: string, words: string, content: Html): Html =>
  html`<a href="#${href}" aria-label="${words}"><title>${words}</title>${content}</a>`;

const text = (x: number, y: number, content: string | number, kind: string): Html =>
  html`<text class="${kind}" x="${x}" y="${y}" text-anchor="middle">${content}</text>`;

const cross = (x: number, y: number): Html =>
  html`<path class="stroke alarm" d="M${x - 9} ${y - 9}l18 18m0 -18l-18 18"/>`;

const circle = (x: number, y: number, generation: number, kind: string): Html =>
  html`<circle class="shape ${kind}" cx="${x}" cy="${y}" r="${RADIUS}"/>${text(x, y + 4, generation, 'node')}`;

const diamond = (x: number, y: number, generation: number): Html =>
  html`<path class="shape presenter" d="M${x} ${y - 19}l19 19l-19 19l-19 -19z"/>${text(x, y + 4, generation, 'node')}`;

const square = (x: number, y: number, party: Party): Html =>
  html`<rect class="shape ${party}" x="${x - 7}" y="${y - 7}" width="14" height="14"/>`;

const shapeOf = (
  { type, generation }: Moment,
  x: number,
  lanes: FamilyLayout['lanes'],
  party: Party,
): Html => {
  const y = lanes.holder;
  switch (type) {
    case 'TokenFamilyStarted':
    case 'RefreshTokenRotated':
      return circle(x, y, generation ?? 0, party);
    case 'RefreshTokenReplayed':
      return circle(x, y, generation ?? 0, `${party} replayed`);
    case 'TokenTheftDetected':
      return diamond(x, lanes.presenter ?? y, generation ?? 0);
    case 'ActiveHouseholdSwitched':
    case 'AccessTokenRevoked':
      return square(x, y, party);
    case 'TokenFamilyRevoked':
      return cross(x, y);
  }
};

const chip = (x: number, y: number, lines: readonly string[], party: Party): Html => {
  const height = 12 + lines.length * 14;
  const top = y - height / 2;
  const shown = lines.map((line) => (line.length > 13 ? line : `… ${line} …`));
  return html`<rect class="shape replayed ${party}" x="${x - 60}" y="${top}" width="120" height="${height}" rx="12"/>${shown.map((line, index) => text(x, top + 18 + index * 14, line, 'tick'))}`;
};

/** Draws the shapes of a stop. */
export const drawStop = ({ stop, x }: PlacedStop, { lanes, theft }: FamilyLayout): Html => {
  const party = theft !== undefined && x >= theft.splitAt ? 'holder' : 'both';
  if (stop.kind === 'action') {
    const { number, sentence, at } = stop.action;
    const y = lanes.actions ?? 0;
    return link(
      `action-${number}`,
      `Action ${number}: ${sentence}, ${when(at)}`,
      html`<rect class="mark" x="${x - 12}" y="${y - 12}" width="24" height="24" rx="5"/>${text(x, y + 4, number, 'mark-text')}`,
    );
  }
  const [first] = stop.moments;
  if (stop.kind === 'span') {
    const lines = spanLines(stop);
    const words = `${lines.join(', ')}, ${when(stop.at)} to ${when(stop.until)}`;
    return link(`event-${first?.revision ?? ''}`, words, chip(x, lanes.holder, lines, party));
  }
  return html`${stop.moments.map((moment) =>
    link(
      `event-${moment.revision}`,
      `${momentWords(moment)}, ${when(moment.at)}`,
      shapeOf(moment, x, lanes, party),
    ),
  )}`;
};

/** Draws a light line from an event down through the bars. */
export const drawGrid = ({ stop, x }: PlacedStop, { lanes, height }: FamilyLayout): Html =>
  stop.kind === 'moment'
    ? html`<line class="grid" x1="${x}" x2="${x}" y1="${lanes.holder + 62}" y2="${height - 4}"/>`
    : nothing;

/** Draws the lifetime of access tokens, with the part lost by revocation dashed. */
export const drawBar = (bar: FamilyLayout['bars'][number], { lanes }: FamilyLayout): Html => {
  const { row, from, to, lostTo, tokens, afterSplit } = bar;
  const y = lanes.tokens + row * BAR_ROW;
  const [first] = tokens;
  const name = tokens.length === 1 ? `.${first?.ordinal ?? ''}` : `${tokens.length} access tokens`;
  const fits = to - from > name.length * 7 + 8;
  const lost =
    lostTo > to
      ? html`<rect class="lost ${afterSplit ? 'holder' : 'both'}" x="${to}" y="${y}" width="${lostTo - to}" height="14" rx="3"/>`
      : nothing;
  const words = `Access ${tokens.length === 1 ? `token ${name}` : `tokens, ${tokens.length} of them`}${lostTo > to ? ', revoked before it expired' : ''}`;
  return html`<g role="img" aria-label="${words}"><title>${words}</title>${lost}<rect class="shape ${afterSplit ? 'holder' : 'both'}" x="${from}" y="${y}" width="${to - from}" height="14" rx="3"/>${fits ? html`<text class="tick" x="${from + 6}" y="${y + 11}">${name}</text>` : nothing}</g>`;
};
