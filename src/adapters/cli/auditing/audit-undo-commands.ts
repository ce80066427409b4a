import type { Command } from 'commander';
import type { UndoneEvent } from '../../../application/auditing/undo/apply-undo.ts';
import type {
  ProposedUndo,
  StolenFamily,
  UndoProposal,
} from '../../../application/auditing/undo/propose-undo.ts';
import { operatorContext } from '../output/operator-context.ts';
import { type Output, printJson } from '../output/output.ts';
import { UsageError } from '../output/usage-error.ts';
import { requireFamilyId } from './audit-history-commands.ts';
import type { Undoing, WithAudit } from './with-audit.ts';

type Options = Readonly<{
  events?: string;
  fromGeneration?: string;
  yes?: boolean;
  json?: boolean;
}>;

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

const feasibility = ({ state, undo, byHand }: ProposedUndo): string => {
  switch (state) {
    case 'open':
      return `Undo: ${undo}${byHand === null ? '' : ` By hand: ${byHand}`}`;
    case 'as_it_was':
      return 'Already restored.';
    case 'changed_since':
      return 'Changed again since then: left as it is.';
    case 'not_undoable':
      return `By hand: ${byHand}`;
    case 'no_need':
      return 'Nothing to undo.';
  }
};

const result = ({ outcome, refusal, undo, byHand }: UndoneEvent): string => {
  switch (outcome) {
    case 'undone':
      return `Undone. ${undo}`;
    case 'refused':
      return refusal === 'address_not_restored'
        ? 'REFUSED: mail for the account still goes to the changed address; undo the change of the address first.'
        : `REFUSED: ${refusal}.`;
    case 'as_it_was':
      return 'Already restored.';
    case 'changed_since':
      return 'Changed again since then: left as it is.';
    case 'not_undoable':
      return `NOT DONE. By hand: ${byHand}`;
    case 'no_need':
      return 'Nothing to undo.';
  }
};

type ListedEvent = Pick<ProposedUndo, 'eventId' | 'at' | 'what'>;

const list = <Event extends ListedEvent>(
  events: readonly Event[],
  describe: (event: Event) => string,
): readonly string[] =>
  events.flatMap((event, index) => [
    `${String(index + 1).padStart(3)}  ${event.at}  ${event.what}`,
    `     ${event.eventId}`,
    `     ${describe(event)}`,
  ]);

const formatProposal = ({ familyId, userId, known, events }: UndoProposal): string =>
  [
    `Family  ${familyId}`,
    `User    ${userId}`,
    '',
    ...(events.length === 0
      ? ['No action was performed with tokens of the family after the split.']
      : list(events, feasibility)),
    ...(known
      ? []
      : [
          'Events did not record their access token when this theft began: further actions are not known.',
        ]),
  ].join('\n');

/** Selects `all`, or events of the proposal by id. @throws UsageError */
const choose = (wished: string, { events }: UndoProposal): readonly ProposedUndo[] => {
  if (wished === 'all') return events.filter(({ state }) => state !== 'not_undoable');
  const ids = wished.split(',').map((id) => id.trim().toLowerCase());
  const unknown = ids.find((id) => !events.some(({ eventId }) => eventId === id));
  if (unknown === undefined) return events.filter(({ eventId }) => ids.includes(eventId));
  throw new UsageError(
    UUID.test(unknown)
      ? `${unknown} is not one of the events that audit undo proposes for this family.`
      : '--events must be all, or event ids separated by commas',
  );
};

/** @throws UsageError */
const parseGeneration = (text: string | undefined): number | undefined => {
  if (text === undefined || /^\d{1,9}$/.test(text)) return text === undefined ? text : Number(text);
  throw new UsageError('--from-generation must be a number, as audit theft shows it');
};

/** Lists the events that `all` does not include. */
const leftByHand = ({ events }: UndoProposal): readonly string[] => {
  const left = events.filter(({ state }) => state === 'not_undoable');
  return left.length === 0
    ? []
    : ['', 'To be done by hand:', ...left.map(({ what, byHand }) => `     ${what} ${byHand}`)];
};

const failed = ({ outcome }: UndoneEvent): boolean =>
  outcome === 'refused' || outcome === 'not_undoable';

const run = async (
  { proposeUndo, applyUndo, ids }: Undoing,
  stolen: StolenFamily,
  { events: wished, yes, json }: Options,
  output: Output,
): Promise<void> => {
  const { proposal } = await proposeUndo(stolen);
  const chosen = wished === undefined ? proposal.events : choose(wished, proposal);
  if (yes !== true) {
    const shown = { ...proposal, events: chosen };
    if (json === true) printJson(output, shown);
    else output.out(formatProposal(shown));
    if (wished !== undefined) output.err('Nothing was changed: add --yes to undo these events.');
    return;
  }
  const eventIds = chosen.map(({ eventId }) => eventId);
  const done = await applyUndo(stolen, eventIds, operatorContext(ids));
  if (json === true) printJson(output, done);
  else {
    const lines = done.length === 0 ? ['Nothing to undo.'] : list(done, result);
    output.out([...lines, ...(wished === 'all' ? leftByHand(proposal) : [])].join('\n'));
  }
  if (done.some(failed)) process.exitCode = 1;
};

/** Adds `audit undo <family>`. */
export const addAuditUndoCommands = (
  audit: Command,
  output: Output,
  withAudit: WithAudit,
): void => {
  audit
    .command('undo <family>')
    .description('undo what was done with stolen tokens; without --yes it only proposes')
    .option(
      '--events <ids>',
      'event ids separated by commas, or all for every event that can be undone',
    )
    .option(
      '--from-generation <n>',
      'treat this generation and all later ones as stolen, whatever the log shows',
    )
    .option('--yes', 'undo the chosen events')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      '\nUndoing one of several changes to the same field undoes all of them. Exit code 1 when an undo is refused.',
    )
    .action(async (family: string, options: Options) => {
      const familyId = requireFamilyId(family);
      if (options.yes === true && options.events === undefined) {
        throw new UsageError('--yes needs --events: event ids, or all');
      }
      const fromGeneration = parseGeneration(options.fromGeneration);
      await withAudit((opened) => run(opened, { familyId, fromGeneration }, options, output));
    });
};
