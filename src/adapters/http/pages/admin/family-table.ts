import type { TheftReplay } from '../../../../application/auditing/theft-replay.ts';
import type { TimelineEntry } from '../../../../application/auditing/theft-timeline-entries.ts';
import { auditTable } from './audit-table.ts';
import { endWords, momentWords } from './family-words.ts';
import { type Html, html, quoted } from './html.ts';
import { shownTime } from './shown-values.ts';

type Party = Readonly<{ ip: string | null; userAgent: string | null }>;

/** Address and agent, as far as the log may still tell. */
const shownParty = ({ ip, userAgent }: Party): Html | string => {
  const parts = [ip, userAgent].filter((part) => part !== null && part !== '');
  return parts.length === 0
    ? '–'
    : html`${parts.map((part) => html`<span class="party">${quoted(part ?? '')}</span>`)}`;
};

const markOf = (entry: TimelineEntry, theft: TheftReplay['theft']) => {
  if (entry.type === 'TokenFamilyRevoked') return theft === null ? undefined : 'alarm';
  if (entry.type === 'TokenTheftDetected') return 'presenter';
  const afterSplit = theft !== null && (entry.generation ?? 0) > theft.presentedGeneration;
  return afterSplit ? 'holder' : undefined;
};

/** Every event of the family, for whoever sees no picture, and for what the picture leaves out. */
export const familyTable = ({ timeline, theft }: TheftReplay): Html =>
  auditTable({
    label: 'Every event',
    columns: ['No.', 'When', 'What', 'From', 'Access token'],
    rows: timeline.map((entry) => ({
      id: `event-${entry.revision}`,
      mark: markOf(entry, theft),
      cells: [
        entry.revision,
        shownTime(entry.at),
        momentWords(entry),
        shownParty(entry),
        entry.accessToken === null ? '–' : `.${entry.accessToken}`,
      ],
    })),
  });

/** The bars of the picture, in words. */
export const accessTokenTable = ({ accessTokens }: TheftReplay): Html =>
  auditTable({
    label: 'Access tokens',
    columns: ['Token', 'Minted', 'Good until', 'Why it ended'],
    rows: accessTokens.map(({ ordinal, mintedAt, endsAt, end, afterSplit }) => ({
      mark: afterSplit ? 'holder' : undefined,
      cells: [`.${ordinal}`, shownTime(mintedAt), shownTime(endsAt), endWords[end]],
    })),
  });
