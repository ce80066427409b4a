import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { oauthErrorCodes } from '../../../../src/adapters/http/oauth/oauth-error.ts';

describe('the catalogue of OAuth errors', () => {
  it('lists exactly the errors that the code defines', () => {
    const [, section = ''] = readFileSync('docs/catalogue.md', 'utf8').split('\n## OAuth errors\n');
    const listed = [...section.matchAll(/^\| `([a-z_]+)` +\| [\d, ]+\| [A-Z].+\. +\|$/gm)].map(
      ([, error]) => error,
    );
    expect(listed).toStrictEqual([...oauthErrorCodes]);
  });
});
