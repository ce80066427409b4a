import type { Command } from 'commander';
import { formatTable, type Output, printJson } from '../output/output.ts';

/** The signing keys of access tokens, without their private keys. */
export type SigningKeyAdministration = Readonly<{
  list(): Promise<
    readonly Readonly<{
      kid: string;
      algorithm: string;
      status: string;
      createdAt: string;
      activatedAt: string | null;
      retiredAt: string | null;
    }>[]
  >;
  rotate(): Promise<void>;
}>;

type WithKeys = <Result>(
  work: (keys: SigningKeyAdministration) => Promise<Result>,
) => Promise<Result>;

/** Adds `keys list|rotate`. */
export const addKeysCommands = (program: Command, output: Output, withKeys: WithKeys): void => {
  const keys = program.command('keys').description('the signing keys of access tokens');

  const list = async (json: boolean) => {
    const found = await withKeys((administration) => administration.list());
    const rows = found.map(({ kid, algorithm, status, createdAt, activatedAt, retiredAt }) => ({
      kid,
      algorithm,
      status,
      createdAt,
      activatedAt,
      retiredAt,
    }));
    if (json) return printJson(output, rows);
    output.out(
      formatTable([
        ['kid', 'algorithm', 'status', 'created', 'activated', 'retired'],
        ...rows.map((row) => Object.values(row).map((value) => value ?? '-')),
      ]),
    );
  };

  keys
    .command('list')
    .description('list the published keys')
    .option('--json', 'print JSON')
    .action(({ json }: { json?: boolean }) => list(json === true));

  keys
    .command('rotate')
    .description('sign with the next key, which is already published, and publish a new next one')
    .option('--json', 'print the keys as JSON')
    .action(async ({ json }: { json?: boolean }) => {
      await withKeys((administration) => administration.rotate());
      await list(json === true);
    });
};
