import type { TheftReplay } from '../../../../application/use-cases/replay-theft.ts';
import { layOutAdminPage, type Visit } from './admin-layout.ts';
import { drawTokenFamily } from './draw-token-family.ts';
import { userLink } from './event-tables.ts';
import { familyTable } from './family-table.ts';
import { familyVerdict } from './family-verdict.ts';
import { reasonWords } from './family-words.ts';
import { type Html, html } from './html.ts';
import { shortId, shownTime } from './shown-values.ts';

const sample = (shape: Html, words: string): Html =>
  html`<li><svg width="34" height="22" aria-hidden="true" focusable="false">${shape}</svg>${words}</li>`;

/** Two parties differ by shape and line as well as by colour. */
const legend = ({ theft }: TheftReplay): Html => html`<ul class="legend">
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
          'Who held the live token',
        ),
        sample(
          html`<path class="lane presenter" d="M0 11H34"/><path class="shape presenter" d="M17 2l9 9l-9 9l-9 -9z"/>`,
          'Who presented the superseded one',
        ),
      ]
}
</ul>`;

const facts = ({ base }: Visit, { familyId, userId, startedAt, revocation, chain }: TheftReplay) =>
  html`<dl class="facts card">
<div><dt>Session</dt><dd class="id">${familyId}</dd></div>
<div><dt>User</dt><dd>${userLink(base, userId)}</dd></div>
<div><dt>Signed in</dt><dd>${shownTime(startedAt)}</dd></div>
<div><dt>Ended</dt><dd>${revocation === null ? '–' : html`${shownTime(revocation.at)}, ${reasonWords[revocation.reason]}`}</dd></div>
<div><dt>Chain of its events</dt><dd>${chain.intact ? 'intact' : html`<strong>broken at event ${chain.firstBroken ?? ''}</strong>`}</dd></div>
</dl>`;

/** A session from its first token to its last: verdict, picture, and the same as a table. */
export const tokenFamilyPage = (visit: Visit, replay: TheftReplay): string => {
  const story = { ...replay, tokens: [], deeds: [] };
  return layOutAdminPage(visit, {
    title: `Session ${shortId(replay.familyId)}`,
    main: html`${familyVerdict(replay)}
${facts(visit, replay)}
<figure>
<div class="picture" tabindex="0" role="region" aria-label="Picture of the session, can be scrolled sideways">
${drawTokenFamily(story, replay.revocation?.reason)}
</div>
<figcaption>${legend(replay)}<p class="muted">Times are UTC. Distances grow with the logarithm of the time between. Each shape leads to its row below.</p></figcaption>
</figure>
<h2>Every event</h2>
${familyTable(replay)}`,
  });
};
