import { readFile } from 'node:fs/promises';
import type { EvidenceKey } from '../../../application/auditing/evidence/evidence-signer.ts';
import { parseEvidenceKey } from '../../../application/auditing/evidence/parse-evidence-key.ts';
import { UsageError } from '../output/usage-error.ts';

/** Reads a key that `audit key --json` printed. @throws UsageError when the file holds none */
export const readEvidenceKey = async (file: string): Promise<EvidenceKey> => {
  const text = await readFile(file, 'utf8').catch(() => undefined);
  if (text === undefined) throw new UsageError(`The file ${file} cannot be read.`);
  const key = parseEvidenceKey(text);
  if (key === undefined) {
    throw new UsageError(`${file} does not hold a key as latchkey audit key --json prints it.`);
  }
  return key;
};
