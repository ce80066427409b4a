/**
 * `node --import tsx scripts/make-dumps.ts`: writes the production-like dumps for the adoption
 * tests.
 */
import { writeFileSync } from 'node:fs';
import { type DumpFile, dumpMakers, dumpPath } from '../tests/support/dumps/dump-files.ts';

for (const [file, make] of Object.entries(dumpMakers)) {
  writeFileSync(dumpPath(file as DumpFile), make());
}
