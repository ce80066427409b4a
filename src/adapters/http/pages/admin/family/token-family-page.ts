import type { TheftReplay } from '../../../../../application/auditing/theft/theft-replay.ts';
import { revocationWords } from '../../../../../application/sessions/refresh-words.ts';
import { layOutAdminPage, type Visit } from '../parts/admin-layout.ts';
import { adminPaths } from '../parts/admin-paths.ts';
import { type Html, html } from '../parts/html.ts';
import { shortId, shownTime } from '../parts/shown-values.ts';
import { drawTokenFamily } from './draw-token-family.ts';
import { familyAffectedEvents } from './family-affected-events.ts';
import { familyLegend } from './family-legend.ts';
import { storyOf } from './family-story.ts';
import { accessTokenTable, familyTable } from './family-table.ts';
import { familyVerdict } from './family-verdict.ts';

const facts = ({ base }: Visit, { familyId, userId, startedAt, revocation, chain }: TheftReplay) =>
  html`<dl class="facts card">
<div><dt>Session</dt><dd class="id">${familyId}</dd></div>
<div><dt>User</dt><dd><a class="id" href="${base}${adminPaths.user(userId)}">${userId}</a></dd></div>
<div><dt>Signed in</dt><dd>${shownTime(startedAt)}</dd></div>
<div><dt>Ended</dt><dd>${revocation === null ? '–' : html`${shownTime(revocation.at)}, ${revocationWords[revocation.reason].short}`}</dd></div>
<div><dt>Hash chain of the events</dt><dd>${chain.intact ? 'intact' : html`<strong>broken at event ${chain.firstBroken ?? ''}</strong>`}</dd></div>
</dl>`;

const picture = (replay: TheftReplay): Html => html`<figure>
<div class="picture" tabindex="0" role="region" aria-label="Picture of the session, scrolls horizontally">
${drawTokenFamily(storyOf(replay), replay.revocation?.reason)}
</div>
<figcaption>${familyLegend(replay)}<p class="muted">Times are UTC. The time axis is logarithmic. Each shape links to its row below.</p></figcaption>
</figure>`;

/** Renders a session: the verdict, the picture, and the same as tables. */
export const tokenFamilyPage = (visit: Visit, replay: TheftReplay): string =>
  layOutAdminPage(visit, {
    title: `Session ${shortId(replay.familyId)}`,
    main: html`${familyVerdict(replay)}
${facts(visit, replay)}
${picture(replay)}
${familyAffectedEvents(replay)}
<h2>Every event</h2>
${familyTable(replay)}
<h2>Access tokens</h2>
${accessTokenTable(replay)}`,
  });
