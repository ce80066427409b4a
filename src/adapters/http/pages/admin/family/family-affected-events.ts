import type {
  AffectedEvent,
  BlastRadius,
} from '../../../../../application/auditing/affected-events/blast-radius.ts';
import type { TheftReplay } from '../../../../../application/auditing/theft/theft-replay.ts';
import { auditTable } from '../parts/audit-table.ts';
import { type Html, html, nothing, readable } from '../parts/html.ts';
import { shownTime } from '../parts/shown-values.ts';

const UNKNOWN = html`<p class="notice plain">This theft is older than the record of which access token caused an event. Only later actions are known.</p>`;

const feasibility = ({ undo, byHand }: AffectedEvent): string =>
  [undo, byHand].filter((part) => part !== null).join(' ') || '–';

const ordinalOf = ({ jti }: AffectedEvent): string =>
  jti === null ? 'link in a mail' : `.${jti.slice(jti.indexOf('.') + 1)}`;

const table = ({ events }: BlastRadius): Html =>
  auditTable({
    label: 'Actions after the split',
    columns: ['No.', 'When', 'Action', 'Access token', 'How to undo it'],
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

/** Renders the actions with access tokens minted after the split; nothing without a theft. */
export const familyAffectedEvents = ({ blastRadius }: TheftReplay): Html => {
  if (blastRadius === null) return nothing;
  const { known, events } = blastRadius;
  const none = known
    ? html`<p class="notice">No access token minted after the split was used to change anything.</p>`
    : nothing;
  return html`<h2>Actions after the split</h2>
${known ? nothing : UNKNOWN}
${events.length === 0 ? none : table(blastRadius)}`;
};
