import type { RevocationReason } from '../../../../../domain/token-family/token-family-events.ts';
import { type Html, html, nothing } from '../parts/html.ts';
import { type Label, labelsOf } from './family-labels.ts';
import { type FamilyLayout, layOutFamily, type PictureStory } from './family-layout.ts';
import { drawBar, drawGrid, drawStop } from './family-shapes.ts';

/** Draws the line of live tokens: shared up to the presented token, the holder's after it. */
const drawLanes = ({ theft, lanes, session }: FamilyLayout): Html => {
  const y = lanes.holder;
  if (theft === undefined || lanes.presenter === undefined) {
    return html`<path class="lane both" d="M${session.from} ${y}H${session.to}"/>`;
  }
  const { forkAt, splitAt, foundAt } = theft;
  const bend = (forkAt + splitAt) / 2;
  return html`<path class="lane both" d="M${session.from} ${y}H${forkAt}"/>
<path class="lane holder" d="M${forkAt} ${y}H${session.to}"/>
<path class="lane presenter" d="M${forkAt} ${y}C${bend} ${y} ${bend} ${lanes.presenter} ${splitAt} ${lanes.presenter}H${foundAt}"/>
<line class="fork" x1="${splitAt}" x2="${splitAt}" y1="56" y2="${y}"/>
<line class="cut" x1="${foundAt}" x2="${foundAt}" y1="30" y2="${y}"/>`;
};

const drawSession = ({ session: { from, to, ended }, lanes }: FamilyLayout): Html => {
  const words = ended ? 'The session, ended' : 'The session, live';
  const end = ended
    ? html`<line class="cut" x1="${to}" x2="${to}" y1="${lanes.session - 4}" y2="${lanes.session + 14}"/>`
    : html`<path class="stroke both" d="M${to - 2} ${lanes.session - 1}l6 6l-6 6"/>`;
  return html`<g role="img" aria-label="${words}"><title>${words}</title><rect class="shape both" x="${from}" y="${lanes.session}" width="${to - from}" height="10" rx="3"/>${end}</g>`;
};

const drawLabel = ({ x, y, text, anchor, kind }: Label): Html =>
  html`<text class="${kind}" x="${x}" y="${y}" text-anchor="${anchor}">${text}</text>`;

const describe = ({ theft, timeline, actions }: PictureStory): string => {
  const generations = new Set(timeline.flatMap(({ generation }) => generation ?? [])).size;
  const lines = [
    `A timeline from left to right with ${generations} generation${generations === 1 ? '' : 's'} of refresh tokens.`,
    ...(theft === null
      ? []
      : [
          `At generation ${theft.presentedGeneration} it splits in two: the holder of the live token continued to generation ${theft.currentGeneration}; another client presented generation ${theft.presentedGeneration} again, and the session ended.`,
        ]),
    ...(actions.length === 0
      ? []
      : [`${actions.length} ${actions.length === 1 ? 'action' : 'actions'} followed the split.`]),
    'The tables below contain the same information.',
  ];
  return lines.join(' ');
};

/** Draws the history of a token family; every shape links to its row in the tables. */
export const drawTokenFamily = (
  story: PictureStory,
  reason: RevocationReason | undefined,
): Html => {
  const layout = layOutFamily(story);
  const { width, height, stops, bars } = layout;
  return html`<svg xmlns="http://www.w3.org/2000/svg" role="group" aria-labelledby="picture-title picture-description" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">
<title id="picture-title">The history of the session</title>
<desc id="picture-description">${describe(story)}</desc>
${stops.map((stop) => drawGrid(stop, layout)).filter((grid) => grid !== nothing)}
${drawLanes(layout)}
${drawSession(layout)}
${bars.map((bar) => drawBar(bar, layout))}
${labelsOf(layout, reason).map(drawLabel)}
${stops.map((stop) => drawStop(stop, layout))}
</svg>`;
};
