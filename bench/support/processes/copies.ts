import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cp, mkdir, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';

export const REPOSITORY = path.resolve(import.meta.dirname, '../../..');

const COMPILER = path.join(REPOSITORY, 'node_modules/typescript/bin/tsc');
const BENCH_SERVER = 'bench/servers/bench-server';

/** A folder to run Latchkey and the bench server from. */
export type Copy = Readonly<{
  /** The folder, which holds `bin/latchkey.js`. */
  home: string;
  /** Node's arguments for the bench server. */
  benchServer: readonly string[];
}>;

const makeHome = async (home: string, names: readonly string[]): Promise<void> => {
  await mkdir(home, { mode: 0o755 });
  for (const name of names) {
    await cp(path.join(REPOSITORY, name), path.join(home, name), { recursive: true });
  }
  await symlink(path.join(REPOSITORY, 'node_modules'), path.join(home, 'node_modules'));
};

/**
 * Compiles a copy, as an installation runs it. An edited clone runs from its sources, which costs
 * more.
 */
export const makeCompiledCopy = async (workFolder: string): Promise<Copy> => {
  const home = path.join(workFolder, 'compiled');
  await makeHome(home, ['bin', 'package.json']);
  const project = path.join(home, 'tsconfig.json');
  const include = ['src', 'migrations', 'bench/servers'].map((name) => path.join(REPOSITORY, name));
  const compilerOptions = { rootDir: REPOSITORY, outDir: path.join(home, 'dist') };
  const build = { extends: path.join(REPOSITORY, 'tsconfig.build.json'), include, compilerOptions };
  await writeFile(project, JSON.stringify(build));
  const compiled = promisify(execFile)(process.execPath, [COMPILER, '-p', project]);
  // The lint reports type errors; the compiler writes its output despite them.
  await compiled.catch((error: unknown) => {
    if (!existsSync(path.join(home, 'dist', `${BENCH_SERVER}.js`))) throw error;
  });
  return { home, benchServer: [path.join(home, 'dist', `${BENCH_SERVER}.js`)] };
};

/** Copies the sources of this clone. */
export const makeSourceCopy = async (workFolder: string): Promise<Copy> => {
  const home = path.join(workFolder, 'sources');
  await makeHome(home, ['bin', 'package.json', 'tsconfig.json', 'src', 'migrations', 'bench']);
  return { home, benchServer: ['--import', 'tsx', path.join(home, `${BENCH_SERVER}.ts`)] };
};
