import type { Command } from 'commander';
import type { Explanation } from '../../../application/auditing/explanation/explain-reasons.ts';
import type { AsOf } from '../../../application/auditing/history/as-of-moment.ts';
import { parseAccessTokenId } from '../../../domain/token-family/access-token-spans.ts';
import { formatTable, type Output, printJson } from '../output/output.ts';
import { UsageError } from '../output/usage-error.ts';
import { readAsOf, requireFamilyId } from './audit-history-commands.ts';
import type { Audit, WithAudit } from './with-audit.ts';

type Options = Readonly<{
  family?: string;
  jti?: string;
  user?: string;
  route?: string;
  asOf?: string;
  json?: boolean;
}>;

/** Resolves to undefined for a route that does not exist. */
type Question = (audit: Audit, asOf: AsOf) => Promise<Explanation | undefined>;

const ROUTE = /^[A-Z]+ \/\S*$/;

const aboutUser = (user: string, route: string | undefined): Question => {
  if (route === undefined) {
    return async ({ findUser, explainSignIn }, asOf) =>
      explainSignIn({ userId: await findUser(user), asOf });
  }
  if (!ROUTE.test(route)) {
    throw new UsageError("--route must be a method and a path, such as 'GET /v1/households/hh_1'");
  }
  return async ({ findUser, explainRoute }, asOf) =>
    explainRoute({ userId: await findUser(user), route, asOf });
};

/** @throws UsageError unless exactly one subject is chosen */
const questionIn = ({ family, jti, user, route }: Options): Question => {
  const asked = [family, jti, user].filter((one) => one !== undefined);
  if (asked.length !== 1 || (route !== undefined && user === undefined)) {
    throw new UsageError('Choose one: --family, --jti, --user, or --user with --route.');
  }
  if (user !== undefined) return aboutUser(user, route);
  if (family !== undefined) {
    const familyId = requireFamilyId(family);
    return ({ explainFamily }, asOf) => explainFamily({ familyId, asOf });
  }
  const id = (jti ?? '').toLowerCase();
  if (parseAccessTokenId(id) === undefined) {
    throw new UsageError('--jti must be <family>.<number>, as in the access token');
  }
  return ({ explainAccessToken }, asOf) => explainAccessToken({ jti: id, asOf });
};

const formatExplanation = ({ asOf, code, verdict, userId, reasons }: Explanation): string =>
  [
    verdict,
    '',
    `Answer  ${code ?? 'not refused'}`,
    `User    ${userId ?? '-'}`,
    `As of   ${asOf}`,
    ...(reasons.length === 0
      ? []
      : [
          '',
          formatTable([
            ['when', 'what', 'actor', 'event'],
            ...reasons.map(({ at, what, actor, eventId }) => [at, what, actor, eventId]),
          ]),
        ]),
  ].join('\n');

/** Adds `audit explain`. */
export const addAuditExplainCommand = (
  audit: Command,
  output: Output,
  withAudit: WithAudit,
): void => {
  audit
    .command('explain')
    .description('explain why a request is refused or allowed, with the events that led to it')
    .option('--family <family>', 'a session: are its refresh tokens accepted?')
    .option('--jti <jti>', 'an access token: is it accepted?')
    .option('--user <user>', 'an id, an e-mail address or a username: can the user sign in?')
    .option('--route <route>', "with --user: a request such as 'GET /v1/households/hh_1/members'")
    .option('--as-of <time|position>', 'explain the state at that time or log position')
    .option('--json', 'print JSON')
    .action(async (options: Options) => {
      const ask = questionIn(options);
      const asOf = readAsOf(options.asOf);
      const explanation = await withAudit((opened) => ask(opened, asOf));
      if (explanation === undefined) {
        output.err('Refused: route_not_found.');
        process.exitCode = 1;
      } else if (options.json === true) printJson(output, explanation);
      else output.out(formatExplanation(explanation));
    });
};
