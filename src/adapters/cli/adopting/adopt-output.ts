import type { AdoptionReport, TableReport } from '../../../application/adopting/adoption-report.ts';
import { formatTable, type Output } from '../output/output.ts';

const MAX_SHOWN = 200;

const describeChanges = ({ household, converted, added }: TableReport): string =>
  [
    household === null ? '' : `household: ${household}`,
    ...converted.map(({ column, from, to }) => `${column} ${from} → ${to}`),
    ...added.map((column) => `+ ${column}`),
  ]
    .filter((change) => change !== '')
    .join('; ') || 'nothing';

const cautions = (report: TableReport) => {
  const { table, uniquePerHousehold, unfillable, views, triggers, rules, generated } = report;
  return [
    uniquePerHousehold.length > 0 &&
      `${table}: unique per household from then on, not overall: ${uniquePerHousehold.join(', ')}`,
    unfillable.length > 0 &&
      `${table}: rows cannot be created over HTTP while these columns are required: ${unfillable.join(', ')}`,
    views.length > 0 &&
      `${table}: views that continue to read the old columns: ${views.join(', ')}`,
    triggers.length > 0 &&
      (table === 'users'
        ? `users: triggers that no longer run from then on: ${triggers.join(', ')}`
        : `${table}: triggers that run as latchkey_member for members: ${triggers.join(', ')}`),
    rules && `${table}: has rules`,
    generated.length > 0 && `${table}: has generated columns: ${generated.join(', ')}`,
  ].filter((caution) => caution !== false);
};

const printUsers = ({ out }: Output, users: NonNullable<AdoptionReport['users']>): void => {
  const id = users.idConverted ? `${users.idType}, becomes text` : `${users.idType}, stays`;
  out(`users   ${users.found}; id ${id}`);
  out(
    formatTable([
      ['field', 'old column', 'new column'],
      ...Object.entries(users.columns).map(([ours, theirs]) => [
        ours,
        theirs ?? '-',
        theirs === null ? '-' : (users.renamed[theirs] ?? theirs),
      ]),
    ]),
  );
  const hashes = Object.entries(users.passwordHashes).map(
    ([scheme, count]) => `${scheme} ${count}`,
  );
  out(`\npasswords   ${hashes.join(', ')}`);
  for (const { kind, userIds } of users.conflicts.slice(0, MAX_SHOWN)) {
    out(
      `conflict    one ${kind} in several spellings: ${userIds.join(', ')} (each is adopted without it)`,
    );
  }
  for (const { userId, note } of users.notes.slice(0, MAX_SHOWN))
    out(`without     ${userId}: ${note}`);
};

const OUTCOMES: Readonly<Record<AdoptionReport['outcome'], string>> = {
  dry_run: 'no problems found; nothing was written',
  adopted:
    'adopted; latchkey adopt rollback restores the old tables, latchkey adopt finish makes it permanent',
  already_adopted: 'this database is adopted already: nothing to do',
  refused: 'not adopted; nothing was written',
};

/** Prints a report as text. It holds user ids, but no names or addresses. */
export const printAdoption = (output: Output, report: AdoptionReport): void => {
  const { out } = output;
  if (report.users !== null) printUsers(output, report.users);
  if (report.tables.length > 0) {
    out(
      `\n${formatTable([
        ['table', 'rows', 'named', 'refers by', 'changes', 'locked (about)'],
        ...report.tables.map((table) => [
          table.table,
          String(table.rows),
          table.named ? 'yes' : 'no',
          table.refersToUsersBy.join(', ') || '-',
          describeChanges(table),
          `${table.estimatedLockMilliseconds} ms`,
        ]),
      ])}\n`,
    );
    for (const caution of report.tables.flatMap(cautions)) out(caution);
  }
  for (const [name, becomes] of Object.entries(report.inTheWay)) {
    out(`${name} has a name that Latchkey needs: it is renamed to ${becomes}`);
  }
  if (report.owner !== null) out(`owner of the shared household: ${report.owner}`);
  for (const { table, problem } of report.problems) out(`problem: ${table}: ${problem}`);
  out(OUTCOMES[report.outcome]);
};
