import { type Command, InvalidArgumentError } from 'commander';
import { type AsOf, NOW, parseAsOf } from '../../../application/auditing/history/as-of-moment.ts';
import { ApplicationError } from '../../../application/kernel/errors.ts';
import { DomainError } from '../../../domain/domain-error.ts';
import { type Output, printJson } from '../output/output.ts';
import { UsageError } from '../output/usage-error.ts';
import { formatFamily, formatHousehold, formatUser } from './history-text.ts';
import type { Audit, WithAudit } from './with-audit.ts';

type Options = Readonly<{ asOf?: string; events: number; json?: boolean }>;
type Ask = Readonly<{ id: string; asOf: AsOf; limit: number }>;

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const DEFAULT_EVENTS = 100;
const NOT_FOUND = ['user_not_found', 'household_not_found', 'session_not_found'];

/** Reads a time or a log position. @throws UsageError */
export const readAsOf = (text: string | undefined): AsOf => {
  if (text === undefined) return NOW;
  const asOf = parseAsOf(text);
  if (asOf !== undefined) return asOf;
  throw new UsageError(
    '--as-of must be a time such as 2026-01-31T12:00:00Z, or a log position as `audit` prints it',
  );
};

/** Normalises the id of a token family. @throws UsageError */
export const requireFamilyId = (family: string): string => {
  const familyId = family.toLowerCase();
  if (UUID.test(familyId)) return familyId;
  throw new UsageError('<family> must be a UUID: the sessionId of its token pairs');
};

const readCount = (text: string): number => {
  if (/^\d{1,6}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('It must be a whole number.');
};

const isNotFound = (error: unknown): boolean =>
  (error instanceof ApplicationError || error instanceof DomainError) &&
  NOT_FOUND.includes(error.code);

/** Adds `audit user|household|family <id>`, which show a state of now or of an earlier time. */
export const addAuditHistoryCommands = (
  audit: Command,
  output: Output,
  withAudit: WithAudit,
): void => {
  const add = <History extends object>(
    name: string,
    description: string,
    read: (audit: Audit, ask: Ask) => Promise<History>,
    format: (history: History) => string,
  ): Command =>
    audit
      .command(name)
      .description(description)
      .option('--as-of <time|position>', 'show the state at that time or log position')
      .option('--events <count>', 'number of latest events to show', readCount, DEFAULT_EVENTS)
      .option('--json', 'print JSON')
      .action(async (id: string, { asOf: wished, events: limit, json }: Options) => {
        const asOf = readAsOf(wished);
        try {
          const history = await withAudit((opened) => read(opened, { id, asOf, limit }));
          if (json === true) printJson(output, history);
          else output.out(format(history));
        } catch (error) {
          if (isNotFound(error) && wished !== undefined)
            output.err(`It did not exist as of ${wished}.`);
          throw error;
        }
      });

  add(
    'user <user>',
    'show an account with its memberships, live sessions and events',
    async ({ findUser, readUserAsOf }, { id, ...ask }) =>
      readUserAsOf({ userId: await findUser(id), ...ask }),
    formatUser,
  ).addHelpText('after', '\n<user> is an id, an e-mail address or a username, as of now.');

  add(
    'household <household>',
    'show a household with its members, open invitations and events',
    ({ readHouseholdAsOf }, { id: householdId, ...ask }) =>
      readHouseholdAsOf({ householdId, ...ask }),
    formatHousehold,
  );

  add(
    'family <family>',
    'show a session with its tokens and events',
    ({ readFamilyAsOf }, { id, ...ask }) =>
      readFamilyAsOf({ familyId: requireFamilyId(id), ...ask }),
    formatFamily,
  );
};
