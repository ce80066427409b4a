import type { TheftReplay } from '../../../../application/use-cases/replay-theft.ts';
import { causeWords, reasonWords } from './family-words.ts';
import { type Html, html, quoted } from './html.ts';
import { durationOf, shownTime } from './shown-values.ts';

type Party = Readonly<{ ip: string; userAgent: string }>;

const partyOf = ({ ip, userAgent }: Party): Html =>
  html`${quoted(ip)} (${quoted(userAgent === '' ? 'no agent' : userAgent)})`;

/** What it all comes to, in one sentence. */
export const familyVerdict = ({ theft, revocation }: TheftReplay): Html => {
  if (theft !== null) {
    const { at, presentedGeneration, currentGeneration, ageSeconds, cause } = theft;
    return html`<div class="notice alarm verdict"><strong>Theft.</strong> On ${shownTime(at)} UTC somebody at ${partyOf(theft.presenter)}
presented generation ${presentedGeneration}, superseded ${durationOf(ageSeconds)} before or earlier, while the live token, generation ${currentGeneration},
was held at ${partyOf(theft.holder)}; ${causeWords[cause]}, so one of the two had stolen it, and the session ended at once.</div>`;
  }
  return revocation === null
    ? html`<div class="notice verdict"><strong>No theft.</strong> Nobody has presented a superseded token; the session has not been ended.</div>`
    : html`<div class="notice plain verdict"><strong>No theft.</strong> The session ended on ${shownTime(revocation.at)} UTC: ${reasonWords[revocation.reason]}.</div>`;
};
