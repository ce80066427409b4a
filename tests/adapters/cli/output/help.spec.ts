import { describe, expect, it } from 'vitest';
import { runCommand } from '../../../support/servers/command-line.ts';

const COMMANDS = [
  'serve',
  'migrate',
  'migrate up',
  'migrate down',
  'migrate status',
  'migrate list',
  'users',
  'users create',
  'users import',
  'users deactivate',
  'users reactivate',
  'users unlock',
  'users grant-admin',
  'users revoke-admin',
  'projections',
  'projections rebuild',
  'projections verify',
  'projections status',
  'adopt',
  'adopt status',
  'adopt drift',
  'adopt rollback',
  'adopt finish',
  'events',
  'events copy',
  'audit',
  'audit theft',
  'keys',
  'keys list',
  'keys rotate',
  'resource-servers',
  'resource-servers add',
  'resource-servers list',
  'resource-servers remove',
  'cleanup',
  'after-restore',
  'doctor',
];

describe('when help is requested', () => {
  it.each(COMMANDS)('describes "%s" and exits 0', async (command) => {
    const { code, stdout, stderr } = await runCommand([...command.split(' '), '--help']);

    const [usage, , description] = stdout.split('\n');
    expect(usage).toMatch(new RegExp(`^Usage: latchkey ${command}( |$)`));
    expect(description).not.toBe('');
    expect({ code, stderr }).toStrictEqual({ code: 0, stderr: '' });
  });

  it('lists every command', async () => {
    const { stdout } = await runCommand(['--help']);

    const listed = [...stdout.matchAll(/^ {2}([a-z-]+) /gm)].map(([, name]) => name);
    const known = COMMANDS.filter((command) => !command.includes(' '));
    expect(listed).toStrictEqual([...known, 'help']);
  });
});

describe('when the command line is used wrongly', () => {
  it.each([
    ['no command', []],
    ['an unknown command', ['frobnicate']],
    ['a group without its command', ['keys']],
    ['an unknown command of a group', ['users', 'frobnicate']],
    ['an unknown option', ['doctor', '--frobnicate']],
    ['a missing argument', ['audit', 'theft']],
    ['a missing option', ['users', 'create', '--email', 'ann@example.com']],
    ['an option without its value', ['users', 'create', '--email']],
    ['an argument too many', ['audit', 'theft', 'one', 'two']],
    ['a malformed family', ['audit', 'theft', 'not-a-uuid']],
    ['an unknown table', ['projections', 'verify', 'users', 'events; DROP TABLE users']],
  ])('prints the mistake to standard error and exits 2: %s', async (_, args) => {
    const { code, stdout, stderr } = await runCommand(args);

    expect({ code, stdout }).toStrictEqual({ code: 2, stdout: '' });
    expect(stderr).not.toBe('');
  });
});
