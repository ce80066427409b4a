import type { Command } from 'commander';
import type { IdGenerator } from '../../../application/kernel/id-generator.ts';
import { parsePlainText } from '../../../domain/plain-text.ts';
import type { ResourceServerDirectory } from '../../ports/resource-server-directory.ts';
import { formatTable, type Output, printJson } from '../output/output.ts';
import { UsageError } from '../output/usage-error.ts';

const MAX_NAME_LENGTH = 100;

export type ResourceServerAdministration = Readonly<{
  servers: ResourceServerDirectory;
  ids: Pick<IdGenerator, 'resourceServerId'>;
}>;

type WithResourceServers = <Result>(
  work: (administration: ResourceServerAdministration) => Promise<Result>,
) => Promise<Result>;

type Options = Readonly<{ json?: boolean }>;

/** Adds `resource-servers add|list|remove`. */
export const addResourceServersCommands = (
  program: Command,
  output: Output,
  withServers: WithResourceServers,
): void => {
  const group = program
    .command('resource-servers')
    .description('servers that may introspect tokens');

  group
    .command('add <name>')
    .description('register a server; its secret is shown only once')
    .option('--json', 'print JSON')
    .action(async (given: string, { json }: Options) => {
      const name = parsePlainText(given, MAX_NAME_LENGTH);
      if (name === undefined) {
        throw new UsageError(`A name is one line of 1 to ${MAX_NAME_LENGTH} characters.`);
      }
      const added = await withServers(async ({ servers, ids }) => {
        const id = ids.resourceServerId();
        return { id, name, secret: await servers.add({ id, name }) };
      });
      if (json === true) return printJson(output, added);
      output.out(`added ${added.id}`);
      output.out(`secret ${added.secret} (shown once)`);
    });

  group
    .command('list')
    .description('list the registered servers, the oldest first')
    .option('--json', 'print JSON')
    .action(async ({ json }: Options) => {
      const found = await withServers(({ servers }) => servers.list());
      if (json === true) return printJson(output, found);
      const rows = found.map(({ id, name, createdAt }) => [id, name, createdAt]);
      output.out(formatTable([['id', 'name', 'created'], ...rows]));
    });

  group
    .command('remove <id>')
    .description('remove a server; its requests are refused from then on')
    .option('--json', 'print JSON')
    .action(async (id: string, { json }: Options) => {
      await withServers(({ servers }) => servers.remove(id));
      if (json === true) return printJson(output, { removed: id });
      output.out(`removed ${id}`);
    });
};
