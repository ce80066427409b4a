import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readlinkSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import pg from 'pg';
import { afterAll, afterEach, describe, expect, it, vi } from 'vitest';
import {
  type ManagedPostgres,
  startManagedPostgres,
} from '../../../src/adapters/managed-postgres/managed-postgres.ts';
import { tryEmbedded } from '../../../src/adapters/managed-postgres/managed-postgres-binaries.ts';
import { connectionStringFor } from '../../../src/adapters/managed-postgres/managed-postgres-connection.ts';
import { ManagedPostgresError } from '../../../src/adapters/managed-postgres/managed-postgres-error.ts';

const OTHER_UID = 65_534;
const UNNAMED = 54_321;
const isRoot = process.getuid?.() === 0 && process.platform === 'linux';
/** Impossible when Node or this checkout is below /root. */
const canRunAsOtherUser =
  isRoot &&
  spawnSync(process.execPath, ['--import', 'tsx', '--eval', ''], { uid: OTHER_UID, gid: OTHER_UID })
    .status === 0;
const UNSYNCED = { fsync: 'off' };

/** The folder for data folders and, by TMPDIR, for socket folders. */
const temp = mkdtempSync(path.join(os.tmpdir(), 'latchkey-managed-'));
chmodSync(temp, 0o1777);
vi.stubEnv('TMPDIR', temp);

/** All processes end their leases first: a server stops after the last lease. */
const releases: (() => unknown)[] = [];
const pids = new Set<number>();
afterEach(async () => {
  for (const release of releases.splice(0)) await release();
  const started = [...pids];
  pids.clear();
  for (const pid of started) await untilGone(pid);
});
afterAll(() => rmSync(temp, { recursive: true, force: true }));

const newFolder = (owner?: number): string => {
  const folder = mkdtempSync(path.join(temp, 'data-'));
  chmodSync(folder, 0o755);
  if (owner !== undefined) chownSync(folder, owner, owner);
  return folder;
};

const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

const untilGone = (pid: number) =>
  vi.waitFor(() => expect(isAlive(pid)).toBe(false), { timeout: 8_000, interval: 20 });

const start = async (dataDir: string, more: Readonly<Record<string, string>> = {}) => {
  const lines: string[] = [];
  const log = (line: string) => lines.push(line);
  const server = await startManagedPostgres({ dataDir, settings: { ...UNSYNCED, ...more }, log });
  releases.push(server.stop);
  pids.add(server.pid);
  return { ...server, lines };
};

const query = async (server: Pick<ManagedPostgres, 'host' | 'port' | 'user'>, sql: string) => {
  const client = new pg.Client({ connectionString: connectionStringFor(server, 'postgres') });
  await client.connect();
  try {
    const { rows } = await client.query({ text: sql, rowMode: 'array' });
    return rows.flat();
  } finally {
    await client.end();
  }
};

/** Starts or adopts a server in a separate process, which ends its lease when its input ends. */
const PROGRAM = `
  import { startManagedPostgres } from '${new URL('../../../src/adapters/managed-postgres/managed-postgres.ts', import.meta.url)}';
  const [dataDir] = process.argv.slice(1);
  const tell = (said) => console.log(JSON.stringify(said));
  try {
    const server = await startManagedPostgres({ dataDir, settings: { fsync: 'off' } });
    tell({ server });
    process.stdin.resume().once('end', () => server.stop());
  } catch (error) {
    tell({ refusal: error.message });
    process.exitCode = 1;
  }
`;

type OtherProcess = Readonly<{ child: ChildProcess; server: ManagedPostgres; refusal: string }>;

const startElsewhere = async (dataDir: string, uid?: number): Promise<OtherProcess> => {
  const child = spawn(
    process.execPath,
    ['--import', 'tsx', '--input-type=module', '-e', PROGRAM, dataDir],
    { stdio: ['pipe', 'pipe', 'inherit'], ...(uid === undefined ? {} : { uid, gid: uid }) },
  );
  releases.push(() => child.kill('SIGKILL'));
  const [line] = await once(createInterface(child.stdout), 'line');
  const said: OtherProcess = { child, ...JSON.parse(String(line)) };
  if (said.server) pids.add(said.server.pid);
  return said;
};

const clusterIn = (dataDir: string, { version }: Pick<ManagedPostgres, 'version'>): string =>
  path.join(dataDir, `postgres-${Number.parseInt(version, 10)}`);

const refusalOf = async (start: Promise<unknown>): Promise<string> => {
  const error = await start.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(ManagedPostgresError);
  const message = error instanceof Error ? error.message : '';
  expect(message).toMatch(/^[A-Z].+\.$/);
  return message;
};

describe('when the data folder is empty', () => {
  it('a cluster is created that answers on its socket', async () => {
    const server = await start(newFolder());
    expect(await query(server, 'SELECT 1')).toEqual([1]);
    expect(server).toMatchObject({ adopted: false, user: 'postgres', database: 'postgres' });
    expect(await query(server, 'SHOW server_version')).toEqual([
      expect.stringContaining(server.version),
    ]);
    expect(statSync(server.host).mode & 0o777).toBe(0o700);
  });

  it('settings override the defaults, but no TCP port is opened', async () => {
    const server = await start(newFolder(), { max_connections: '7', listen_addresses: '*' });
    expect(await query(server, 'SHOW max_connections')).toEqual(['7']);
    expect(await query(server, 'SHOW jit')).toEqual(['off']);
    expect(await query(server, 'SHOW listen_addresses')).toEqual(['']);
  });

  it('two processes that start at the same time create one cluster', async () => {
    const dataDir = newFolder();
    const both = await Promise.all([startElsewhere(dataDir), startElsewhere(dataDir)]);
    expect(both.map(({ server }) => server.adopted).sort()).toEqual([false, true]);
    expect(both[0].server.pid).toBe(both[1].server.pid);
    expect(await query(both[1].server, 'SELECT 1')).toEqual([1]);
  });

  it("a failed start reports PostgreSQL's error", async () => {
    const refusal = await refusalOf(start(newFolder(), { no_such_setting: '1' }));
    expect(refusal).toContain('unrecognized configuration parameter "no_such_setting"');
  });
});

describe('when the cluster runs already', () => {
  it('a second process adopts it', async () => {
    const dataDir = newFolder();
    const first = await start(dataDir);
    const { server: second } = await startElsewhere(dataDir);
    const { host, port, pid } = first;
    expect(second).toMatchObject({ host, port, pid, adopted: true });
  });

  it('it keeps running for the process that adopted it when the one that started it is killed', async () => {
    const dataDir = newFolder();
    const first = await startElsewhere(dataDir);
    const second = await start(dataDir);
    first.child.kill('SIGKILL');
    await once(first.child, 'exit');
    // Upper bound on the time in which a server notices that its last lease has ended.
    await expect(
      vi.waitFor(() => expect(isAlive(second.pid)).toBe(false), { timeout: 700 }),
    ).rejects.toThrow();
    expect(await query(second, 'SELECT 1')).toEqual([1]);
    await second.stop();
    await untilGone(second.pid);
  });

  it('it stops when its only process is killed', async () => {
    const { child, server } = await startElsewhere(newFolder());
    expect(isAlive(server.pid)).toBe(true);
    child.kill('SIGKILL');
    await untilGone(server.pid);
  });

  it('it stops when its process ends its lease and then itself', async () => {
    const { child, server } = await startElsewhere(newFolder());
    child.stdin?.end();
    expect(await once(child, 'exit')).toEqual([0, null]);
    await untilGone(server.pid);
  });
});

describe('when the cluster ran before', () => {
  const stopped = async () => {
    const dataDir = newFolder();
    const server = await start(dataDir);
    await query(server, 'CREATE TABLE kept AS SELECT 42 AS answer');
    await server.stop();
    await untilGone(server.pid);
    const cluster = clusterIn(dataDir, server);
    return { dataDir, cluster, pidFile: path.join(cluster, 'postmaster.pid'), host: server.host };
  };

  it('its data are kept', async () => {
    const { dataDir } = await stopped();
    expect(await query(await start(dataDir), 'TABLE kept')).toEqual([42]);
  });

  it('an invalid pid file, or one of another process, is ignored', async () => {
    const { dataDir, cluster, pidFile, host } = await stopped();
    // The test's own process runs and is no PostgreSQL.
    const reused = [process.pid, cluster, 1, 5432, host, '', '1 1', 'ready', ''].join('\n');
    for (const content of ['', 'rubbish\n\n\n', reused]) {
      writeFileSync(pidFile, content);
      const server = await start(dataDir);
      expect(server.adopted).toBe(false);
      expect(await query(server, 'TABLE kept')).toEqual([42]);
      await server.stop();
    }
  });

  it('the start lock of a killed process is taken over', async () => {
    const { dataDir, cluster } = await stopped();
    const dead = spawn(process.execPath, ['--version'], { stdio: 'ignore' });
    await once(dead, 'exit');
    writeFileSync(`${cluster}.lock`, String(dead.pid));
    expect(await query(await start(dataDir), 'TABLE kept')).toEqual([42]);
    expect(existsSync(`${cluster}.lock`)).toBe(false);
  });

  it('a crash of PostgreSQL is logged, and the next start recovers', async () => {
    const { dataDir } = await stopped();
    const crashed = await start(dataDir);
    process.kill(crashed.pid, 'SIGKILL');
    await vi.waitFor(() => expect(crashed.lines.join()).toContain('ended unexpectedly'), {
      timeout: 8_000,
    });
    const next = await start(dataDir);
    expect(next.pid).not.toBe(crashed.pid);
    expect(await query(next, 'TABLE kept')).toEqual([42]);
    await crashed.stop();
    expect(await query(next, 'TABLE kept')).toEqual([42]);
  });

  it('data that claim another version are refused', async () => {
    const { dataDir, cluster } = await stopped();
    writeFileSync(path.join(cluster, 'PG_VERSION'), '9\n');
    const refusal = await refusalOf(start(dataDir));
    expect(refusal).toContain('holds data of PostgreSQL 9');
    expect(refusal).toContain(`version ${/\d+$/.exec(cluster)?.[0]}`);
  });
});

describe('when the folder cannot be used', () => {
  it('a cluster of another major version is refused, naming both versions', async () => {
    const dataDir = newFolder();
    mkdirSync(path.join(dataDir, 'postgres-9'));
    expect(await refusalOf(start(dataDir))).toMatch(
      /made by PostgreSQL 9, but the PostgreSQL found here is version \d\d/,
    );
  });

  it('a path that is not a folder is refused', async () => {
    const file = path.join(newFolder(), 'file');
    writeFileSync(file, '');
    expect(await refusalOf(start(file))).toContain('EEXIST');
  });

  it('a socket folder that other accounts can enter is refused', async () => {
    const dataDir = newFolder();
    const { host, stop } = await start(dataDir);
    await stop();
    chmodSync(host, 0o777);
    expect(await refusalOf(start(dataDir))).toContain(`The socket folder ${host} is not a private`);
  });
});

describe('the embedded binaries', () => {
  const fakePackage = (program: string): string => {
    const native = path.join(newFolder(), 'native');
    for (const folder of ['bin', 'lib']) mkdirSync(path.join(native, folder), { recursive: true });
    for (const name of ['postgres', 'initdb']) {
      writeFileSync(path.join(native, 'bin', name), program, { mode: 0o755 });
    }
    return native;
  };
  const search = { account: {}, log: () => undefined };

  it('get the library links that npm omits', () => {
    const native = fakePackage('#!/bin/sh\necho "postgres (PostgreSQL) 18.4"\n');
    const links = [{ source: 'native/lib/libpq.so.5.18', target: 'native/lib/libpq.so.5' }];
    writeFileSync(path.join(native, 'lib', 'libpq.so.5.18'), '');
    writeFileSync(path.join(native, 'pg-symlinks.json'), JSON.stringify(links));
    expect(tryEmbedded(native, search)).toMatchObject({ version: '18.4', major: 18 });
    expect(readlinkSync(path.join(native, 'lib', 'libpq.so.5'))).toBe('libpq.so.5.18');
  });

  it('are refused on a system without glibc', () => {
    const native = fakePackage('#!/lib/no-such-loader\n');
    expect(tryEmbedded(native, search)).toContain('needs glibc');
  });
});

describe.runIf(isRoot)('as root', () => {
  const ownerOf = (pid: number): number => statSync(`/proc/${pid}`).uid;

  it("PostgreSQL runs as the data folder's owner", async () => {
    const server = await start(newFolder(OTHER_UID));
    expect(ownerOf(server.pid)).toBe(OTHER_UID);
  });

  it('PostgreSQL never runs as root', async () => {
    const server = await start(newFolder());
    expect(ownerOf(server.pid)).not.toBe(0);
  });

  it('a database moves out of a folder that its account cannot access', async () => {
    const dataDir = newFolder();
    chmodSync(dataDir, 0o700);
    const server = await start(dataDir);
    const moved = /the database is in (\/var\/lib\/latchkey\/\w+)$/.exec(
      server.lines[0] ?? '',
    )?.[1];
    releases.push(() => rmSync(moved ?? '', { recursive: true }));
    expect(existsSync(clusterIn(moved ?? '', server))).toBe(true);
  });
});

describe.runIf(canRunAsOtherUser)('as an ordinary user', () => {
  it('a server is started and stopped', async () => {
    const { server, child } = await startElsewhere(newFolder(OTHER_UID), OTHER_UID);
    expect(statSync(`/proc/${server.pid}`).uid).toBe(OTHER_UID);
    child.kill('SIGKILL');
    await untilGone(server.pid);
  });

  it("another account's folder is refused", async () => {
    const dataDir = newFolder();
    const { refusal } = await startElsewhere(dataDir, OTHER_UID);
    expect(refusal).toContain(`The data folder ${dataDir} cannot be used (EACCES`);
  });

  it('an account without a name is told to set DATABASE_URL', async () => {
    const { refusal } = await startElsewhere(newFolder(UNNAMED), UNNAMED);
    expect(refusal).toMatch(/uid 54321, which has no entry in \/etc\/passwd: .*DATABASE_URL/);
  });
});
