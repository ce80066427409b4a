import type { TheftReplay } from '../../../../../application/auditing/theft/theft-replay.ts';
import type { Reproduction } from '../../../../../application/auditing/theft/theft-verdict.ts';
import { type Html, html, quoted } from '../parts/html.ts';
import { durationOf, shownTime, wordsOf } from '../parts/shown-values.ts';
import { causeWords, reasonWords } from './family-words.ts';

type Party = Readonly<{ ip: string; userAgent: string }>;

const partyOf = ({ ip, userAgent }: Party): Html =>
  html`${quoted(ip)} (${quoted(userAgent === '' ? 'no agent' : userAgent)})`;

const sentence = ({ theft, revocation }: TheftReplay): Html => {
  if (theft !== null) {
    const { at, presentedGeneration, currentGeneration, supersededSeconds, cause } = theft;
    return html`<strong>Theft.</strong> On ${shownTime(at)} UTC somebody at ${partyOf(theft.presenter)}
presented generation ${presentedGeneration}, superseded ${durationOf(supersededSeconds)} before, while the live token, generation ${currentGeneration},
was held at ${partyOf(theft.holder)}; ${causeWords[cause]}, so one of the two had stolen it, and the session ended at once.`;
  }
  return revocation === null
    ? html`<strong>No theft.</strong> Nobody has presented a superseded token, and nobody has ended the session.`
    : html`<strong>No theft.</strong> The session ended on ${shownTime(revocation.at)} UTC: ${reasonWords[revocation.reason]}.`;
};

const assumptions = ({ policy, clients }: Reproduction): string =>
  [
    ...(policy === 'assumed' ? [' The policy in force is not on record: today’s was taken.'] : []),
    ...(clients === 'as_recorded'
      ? [' The people are erased: that the clients differed is taken from the record.']
      : []),
  ].join('');

/** Whether the log itself leads to what it says was decided. */
const proof = ({ reproduction }: TheftReplay): Html => {
  const { decisions, firstDeviation } = reproduction;
  if (firstDeviation !== null) {
    const { revision, recorded, decided } = firstDeviation;
    const list = (types: readonly string[]) => types.map(wordsOf).join(', ') || 'nothing';
    return html`<p><strong>Not reproducible.</strong> Event <a href="#event-${revision}">${revision}</a> does not follow from those before it: on record is ${list(recorded)}, decided again it is ${list(decided)}.${assumptions(reproduction)}</p>`;
  }
  return html`<p><strong>Proven.</strong> ${decisions === 1 ? 'The one decision' : `All ${decisions} decisions`} of this session came out the same, bit by bit, when made again from the log.${assumptions(reproduction)}</p>`;
};

const toneOf = ({ theft, revocation, reproduction }: TheftReplay): string => {
  if (theft !== null || reproduction.verdict === 'not_reproducible') return 'notice alarm verdict';
  return revocation === null ? 'notice verdict' : 'notice plain verdict';
};

/** What it all comes to, in one sentence, and whether it had to. */
export const familyVerdict = (replay: TheftReplay): Html =>
  html`<div class="${toneOf(replay)}">${sentence(replay)}
${proof(replay)}</div>`;
