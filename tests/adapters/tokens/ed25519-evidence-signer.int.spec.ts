import { generateKeyPairSync } from 'node:crypto';
import { CompactSign } from 'jose';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  createDatabase,
  type Database,
} from '../../../src/adapters/postgres/connection/connection.ts';
import { createEd25519EvidenceSigner } from '../../../src/adapters/tokens/ed25519-evidence-signer.ts';
import { deriveEvidenceKeyPair } from '../../../src/adapters/tokens/evidence-key-pair.ts';
import { createEvidenceKeyRows } from '../../../src/adapters/tokens/evidence-key-rows.ts';
import { parseEvidenceKey } from '../../../src/application/auditing/evidence/parse-evidence-key.ts';
import { createTestDatabase, type TestDatabase } from '../../support/servers/test-database.ts';

const REPORT = 'latchkey-theft-report+jws';
const CHECKPOINT = 'latchkey-checkpoint+jws';
const FIRST = '2026-01-01T00:00:00.000Z';
const LATER = '2026-02-01T00:00:00.000Z';
const OLD = new Uint8Array(32).fill(1);
const NEW = new Uint8Array(32).fill(2);

let scratch: TestDatabase;
let database: Database;

type Secrets = readonly [current: Uint8Array, ...earlier: Uint8Array[]];

const signerOf = (secrets: Secrets, now = FIRST) =>
  createEd25519EvidenceSigner({
    seeds: secrets,
    rows: createEvidenceKeyRows({ database, sealingKeys: secrets }),
    issuer: 'https://auth.example.org',
    clock: { now: () => now },
  });

const encode = (part: unknown) => Buffer.from(JSON.stringify(part)).toString('base64url');

beforeAll(async () => {
  scratch = await createTestDatabase();
  database = createDatabase(scratch);
});
afterAll(async () => {
  await database?.close();
  await scratch?.drop();
});
beforeEach(async () => {
  await database.query({ text: 'TRUNCATE evidence_keys' });
});

describe('evidence that was signed', () => {
  it("is verified, with its key and the time of that key's first use", async () => {
    const jws = await signerOf([OLD]).sign(REPORT, { family: 'f' });
    const { kid } = await signerOf([OLD]).publicKey();

    expect(await signerOf([OLD], LATER).verify(REPORT, jws)).toStrictEqual({
      verified: true,
      payload: { family: 'f', iss: 'https://auth.example.org', iat: 1_767_225_600 },
      kid,
      knownSince: FIRST,
      current: true,
    });
  });

  it('is the same text whenever it is signed again', async () => {
    const once = await signerOf([OLD]).sign(REPORT, { family: 'f' });

    expect(await signerOf([OLD]).sign(REPORT, { family: 'f' })).toBe(once);
  });

  it('is refused as evidence of another type', async () => {
    const jws = await signerOf([OLD]).sign(REPORT, { family: 'f' });

    expect(await signerOf([OLD]).verify(CHECKPOINT, jws)).toStrictEqual({
      verified: false,
      reason: 'wrong_type',
    });
  });

  it('is refused when a character of it was changed', async () => {
    const jws = await signerOf([OLD]).sign(REPORT, { family: 'f' });
    const [header = '', payload = '', signature = ''] = jws.split('.');
    const changed = encode({ family: 'g', iss: 'https://auth.example.org', iat: 1_767_225_600 });
    const reversed = [...signature].reverse().join('');
    const verdicts = [`${header}.${changed}.${signature}`, `${header}.${payload}.${reversed}`];

    for (const forged of verdicts) {
      expect(await signerOf([OLD]).verify(REPORT, forged)).toStrictEqual({
        verified: false,
        reason: 'bad_signature',
      });
    }
  });

  it.each(['', 'x', 'a.b', 'a.b.c', '..', `${'e30'}.e30.`, '{}'])(
    'is refused as malformed: %j',
    async (text) => {
      expect(await signerOf([OLD]).verify(REPORT, text)).toStrictEqual({
        verified: false,
        reason: 'malformed',
      });
    },
  );
});

describe("evidence signed with a forger's key", () => {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const jwk = publicKey.export({ format: 'jwk' });

  const forge = (header: Readonly<Record<string, unknown>>) =>
    new CompactSign(new TextEncoder().encode(JSON.stringify({ iat: 1, iss: 'x' })))
      .setProtectedHeader({ alg: 'EdDSA', typ: REPORT, ...header })
      .sign(privateKey);

  it('is refused as unknown', async () => {
    const jws = await forge({ kid: 'mine' });

    expect(await signerOf([OLD]).verify(REPORT, jws)).toStrictEqual({
      verified: false,
      reason: 'unknown_key',
    });
  });

  it("is refused under the id of Latchkey's key", async () => {
    const { kid } = await signerOf([OLD]).publicKey();

    expect(await signerOf([OLD]).verify(REPORT, await forge({ kid }))).toStrictEqual({
      verified: false,
      reason: 'bad_signature',
    });
  });

  it.each([{ jwk }, { jku: 'https://evil.example' }, { x5u: 'https://evil.example' }])(
    'is refused with a key in %j',
    async (header) => {
      expect(
        await signerOf([OLD]).verify(REPORT, await forge({ kid: 'mine', ...header })),
      ).toStrictEqual({ verified: false, reason: 'malformed' });
    },
  );

  it('is refused although the key was written to the table', async () => {
    const { publicKey: ours } = await deriveEvidenceKeyPair(NEW);
    await signerOf([OLD]).publicKey();
    await database.query({
      text: `INSERT INTO evidence_keys SELECT $1, $2, first_used_at, seal FROM evidence_keys`,
      values: [ours.kid, JSON.stringify(ours)],
    });

    expect(
      await signerOf([OLD]).verify(REPORT, await signerOf([NEW]).sign(REPORT, {})),
    ).toStrictEqual({ verified: false, reason: 'unknown_key' });
  });
});

describe('after the master key was replaced', () => {
  it('earlier evidence still verifies, also once the earlier master key is gone', async () => {
    const jws = await signerOf([OLD]).sign(REPORT, { family: 'f' });
    const { kid } = await signerOf([OLD]).publicKey();
    const { kid: newKid } = await signerOf([NEW, OLD], LATER).publicKey();

    expect(newKid).not.toBe(kid);
    expect(await signerOf([NEW], LATER).verify(REPORT, jws)).toMatchObject({
      verified: true,
      kid,
      knownSince: FIRST,
      current: false,
    });
  });
});

describe('verification with a key that was kept elsewhere', () => {
  it('accepts no other key', async () => {
    const kept = parseEvidenceKey(JSON.stringify(await signerOf([OLD]).publicKey()));
    if (kept === undefined) throw new TypeError('it is a key');
    const [ours, other] = [await signerOf([OLD]).sign(REPORT, {}), signerOf([NEW, OLD])];

    expect(await other.verify(REPORT, ours, kept)).toMatchObject({
      verified: true,
      current: false,
    });
    expect(await other.verify(REPORT, await other.sign(REPORT, {}), kept)).toStrictEqual({
      verified: false,
      reason: 'unknown_key',
    });
  });

  it("uses the key's thumbprint, not the id that it claims", async () => {
    const [{ publicKey: old }, { publicKey: young }] = [
      await deriveEvidenceKeyPair(OLD),
      await deriveEvidenceKeyPair(NEW),
    ];
    const claimed = { ...young, kid: old.kid };

    expect(
      await signerOf([OLD]).verify(REPORT, await signerOf([OLD]).sign(REPORT, {}), claimed),
    ).toStrictEqual({ verified: false, reason: 'unknown_key' });
  });

  it.each(['', '{}', 'null', '{"kty":"OKP","crv":"Ed25519","x":"short","kid":"k"}'])(
    'is refused as a key: %j',
    (text) => {
      expect(parseEvidenceKey(text)).toBeUndefined();
    },
  );
});
