import type { TheftReplay } from '../../../../../application/auditing/theft/theft-replay.ts';
import type { Reproduction } from '../../../../../application/auditing/theft/theft-verdict.ts';
import {
  revocationWords,
  theftCauseWords,
} from '../../../../../application/sessions/refresh-words.ts';
import { type Html, html, quoted } from '../parts/html.ts';
import { durationOf, shownTime } from '../parts/shown-values.ts';
import { eventName } from './family-words.ts';

type Party = Readonly<{ ip: string; userAgent: string }>;

const partyOf = ({ ip, userAgent }: Party): Html =>
  html`${quoted(ip)} (${quoted(userAgent === '' ? 'no agent' : userAgent)})`;

const sentence = ({ theft, revocation }: TheftReplay): Html => {
  if (theft !== null) {
    const { at, presentedGeneration, currentGeneration, supersededSeconds, cause } = theft;
    return html`<strong>Theft.</strong> On ${shownTime(at)} UTC a client at ${partyOf(theft.presenter)}
presented generation ${presentedGeneration}, superseded ${durationOf(supersededSeconds)} before, while the live token, generation ${currentGeneration},
was held by the client at ${partyOf(theft.holder)}. Reason: ${theftCauseWords[cause]}. One of the two clients used a stolen token, so the session was ended immediately.`;
  }
  return revocation === null
    ? html`<strong>No theft.</strong> No superseded token has been presented, and the session has not ended.`
    : html`<strong>No theft.</strong> The session ended on ${shownTime(revocation.at)} UTC: ${revocationWords[revocation.reason].short}.`;
};

const assumptions = ({ policy, clients }: Reproduction): string =>
  [
    ...(policy === 'assumed'
      ? [' The policy in force at the time is not on record; the current one was used.']
      : []),
    ...(clients === 'as_recorded'
      ? [' The client data was erased; that the clients differed is taken from the record.']
      : []),
  ].join('');

/** Renders whether deciding again from the log yields the recorded decisions. */
const proof = ({ reproduction }: TheftReplay): Html => {
  const { decisions, firstDeviation } = reproduction;
  if (firstDeviation !== null) {
    const { revision, recorded, decided } = firstDeviation;
    const list = (types: readonly string[]) => types.map(eventName).join(', ') || 'nothing';
    return html`<p><strong>Not reproducible.</strong> Event <a href="#event-${revision}">${revision}</a> does not follow from the events before it: the log records ${list(recorded)}, deciding again yields ${list(decided)}.${assumptions(reproduction)}</p>`;
  }
  return html`<p><strong>Proven.</strong> ${decisions === 1 ? 'The one decision' : `All ${decisions} decisions`} of this session had the same result, bit by bit, when repeated from the log.${assumptions(reproduction)}</p>`;
};

const toneOf = ({ theft, revocation, reproduction }: TheftReplay): string => {
  if (theft !== null || reproduction.verdict === 'not_reproducible') return 'notice alarm verdict';
  return revocation === null ? 'notice verdict' : 'notice plain verdict';
};

/** Renders the verdict on a session, and whether the log reproduces it. */
export const familyVerdict = (replay: TheftReplay): Html =>
  html`<div class="${toneOf(replay)}">${sentence(replay)}
${proof(replay)}</div>`;
