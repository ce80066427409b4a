import type { TheftReplay } from '../../../../../application/auditing/theft/theft-replay.ts';
import { type Html, html } from '../parts/html.ts';

const sample = (shape: Html, words: string): Html =>
  html`<li><svg width="34" height="22" aria-hidden="true" focusable="false">${shape}</svg>${words}</li>`;

/** Renders the legend; shape and line distinguish the two parties, not only colour. */
export const familyLegend = ({ theft, blastRadius }: TheftReplay): Html => html`<ul class="legend">
${sample(
  html`<path class="lane both" d="M0 11H34"/><circle class="shape both" cx="17" cy="11" r="8"/>`,
  theft === null ? 'A generation of the refresh token' : 'A generation, before the split',
)}
${
  theft === null
    ? []
    : [
        sample(
          html`<path class="lane holder" d="M0 11H34"/><circle class="shape holder" cx="17" cy="11" r="8"/>`,
          'The holder of the live token',
        ),
        sample(
          html`<path class="lane presenter" d="M0 11H34"/><path class="shape presenter" d="M17 2l9 9l-9 9l-9 -9z"/>`,
          'The presenter of the superseded token',
        ),
      ]
}
${sample(
  html`<rect class="shape both" x="1" y="4" width="20" height="14" rx="3"/><rect class="lost both" x="21" y="4" width="12" height="14" rx="3"/>`,
  'An access token; dashed: lifetime lost by revocation',
)}
${
  (blastRadius?.events ?? []).length === 0
    ? []
    : [
        sample(
          html`<rect class="mark" x="6" y="0" width="22" height="22" rx="5"/>`,
          'An action after the split',
        ),
      ]
}
</ul>`;
