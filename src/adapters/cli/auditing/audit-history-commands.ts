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
const NOT_THERE = ['user_not_found', 'household_not_found', 'session_not_found'];

/** @throws UsageError for what is neither a time nor a position */
export const readAsOf = (text: string | undefined): AsOf => {
  if (text === undefined) return NOW;
  const asOf = parseAsOf(text);
  if (asOf !== undefined) return asOf;
  throw new UsageError(
    '--as-of is a time such as 2026-01-31T12:00:00Z, or a position in the log as `audit` prints it',
  );
};

/** @throws UsageError */
export const requireFamilyId = (family: string): string => {
  const familyId = family.toLowerCase();
  if (UUID.test(familyId)) return familyId;
  throw new UsageError('a family is a UUID: the sessionId of its token pairs');
};

const readCount = (text: string): number => {
  if (/^\d{1,6}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('how many is a whole number.');
};

const isNotThere = (error: unknown): boolean =>
  (error instanceof ApplicationError || error instanceof DomainError) &&
  NOT_THERE.includes(error.code);

/** `audit user|household|family <id>`: how they are, or were at a time */
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
      .option('--as-of <time|position>', 'as it was at that time, or at that place in the log')
      .option(
        '--events <count>',
        'how many of its latest events to show',
        readCount,
        DEFAULT_EVENTS,
      )
      .option('--json', 'print it as JSON')
      .action(async (id: string, { asOf: wished, events: limit, json }: Options) => {
        const asOf = readAsOf(wished);
        try {
          const history = await withAudit((opened) => read(opened, { id, asOf, limit }));
          if (json === true) printJson(output, history);
          else output.out(format(history));
        } catch (error) {
          if (isNotThere(error) && wished !== undefined) output.err(`Not there as of ${wished}.`);
          throw error;
        }
      });

  add(
    'user <user>',
    'an account with its memberships, live sessions and events',
    async ({ findUser, readUserAsOf }, { id, ...ask }) =>
      readUserAsOf({ userId: await findUser(id), ...ask }),
    formatUser,
  ).addHelpText('after', '\n<user> is an id, an e-mail address or a username, as of now.');

  add(
    'household <household>',
    'a household with its members, open invitations and events',
    ({ readHouseholdAsOf }, { id: householdId, ...ask }) =>
      readHouseholdAsOf({ householdId, ...ask }),
    formatHousehold,
  );

  add(
    'family <family>',
    'a session with its tokens and events',
    ({ readFamilyAsOf }, { id, ...ask }) =>
      readFamilyAsOf({ familyId: requireFamilyId(id), ...ask }),
    formatFamily,
  );
};
