import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

export type PlantedTree = Readonly<{ root: string; remove(): void }>;

/** Files in a folder of their own, to see a rule fire that the real tree gives no reason to. */
export const plantTree = (files: Readonly<Record<string, string>>): PlantedTree => {
  const root = mkdtempSync(path.join(os.tmpdir(), 'latchkey-planted-'));
  for (const [name, text] of Object.entries(files)) {
    const file = path.join(root, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
  return { root, remove: () => rmSync(root, { recursive: true, force: true }) };
};
