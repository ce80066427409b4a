import type {
  AffectedEvent,
  BlastRadius,
} from '../../../../../application/auditing/affected-events/blast-radius.ts';
import type { TheftReplay } from '../../../../../application/auditing/theft/theft-replay.ts';
import { auditTable } from '../parts/audit-table.ts';
import { type Html, html, nothing, readable } from '../parts/html.ts';
import { shownTime } from '../parts/shown-values.ts';

const UNKNOWN = html`<p class="notice plain">This theft is from before events said which access token they came with. What was done is known only from then on.</p>`;

const feasibility = ({ undo, byHand }: AffectedEvent): string =>
  [undo, byHand].filter((part) => part !== null).join(' ') || '–';

const ordinalOf = ({ jti }: AffectedEvent): string =>
  jti === null ? 'a link in a mail' : `.${jti.slice(jti.indexOf('.') + 1)}`;

const table = ({ events }: BlastRadius): Html =>
  auditTable({
    label: 'Done after the split',
    columns: ['No.', 'When', 'What', 'With', 'Taking it back'],
    rows: events.map((event, index) => ({
      id: `action-${index + 1}`,
      mark: 'alarm',
      cells: [
        index + 1,
        shownTime(event.at),
        readable(event.what),
        ordinalOf(event),
        feasibility(event),
      ],
    })),
  });

/** What was done with access tokens from after the split; nothing where there was none. */
export const familyAffectedEvents = ({ blastRadius }: TheftReplay): Html => {
  if (blastRadius === null) return nothing;
  const { known, events } = blastRadius;
  const none = known
    ? html`<p class="notice">Nothing was changed with an access token from after the split.</p>`
    : nothing;
  return html`<h2>Done after the split</h2>
${known ? nothing : UNKNOWN}
${events.length === 0 ? none : table(blastRadius)}`;
};
