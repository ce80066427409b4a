import { createHash } from 'node:crypto';
import type { Sha256 } from '../../application/kernel/sha256.ts';

/** SHA-256 by Node's crypto module. */
export const nodeSha256: Sha256 = (bytes) => createHash('sha256').update(bytes).digest();
