import { chmod, mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { Cleanup } from './cleanup.ts';

/** Creates a temporary folder, which is deleted at the end of the run. */
export const makeWorkFolder = async (cleanup: Cleanup): Promise<string> => {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'latchkey-bench-'));
  cleanup.add(() => rm(folder, { recursive: true, force: true }));
  // Under root, the account that PostgreSQL runs as needs access.
  await chmod(folder, 0o755);
  return folder;
};
