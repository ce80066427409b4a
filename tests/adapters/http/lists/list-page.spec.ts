import type { FastifyRequest } from 'fastify';
import { describe, expect, it } from 'vitest';
import { createListCursors } from '../../../../src/adapters/http/lists/list-cursor.ts';
import { cursorsOf } from '../../../../src/adapters/http/lists/list-page.ts';
import { HttpError } from '../../../../src/adapters/http/problems/http-error.ts';

const key = { id: 1, bytes: new Uint8Array(32) };
const sealed = createListCursors({ current: key, find: () => [key] });

const requestBy = (sub: string | null, url = '/v1/things') =>
  ({ routeOptions: { url }, claims: sub === null ? null : { sub } }) as unknown as FastifyRequest;

const ann = cursorsOf(sealed, requestBy('ann'), { query: 'x' });
const written = ann.write(['a', 'b']) ?? '';

describe('the cursors of a list', () => {
  it('contain the sort keys of the last row of a page', () => {
    expect(ann.read(written)).toStrictEqual(['a', 'b']);
    expect(cursorsOf(sealed, requestBy('ann'), { query: 'x' }).read(written)).toStrictEqual([
      'a',
      'b',
    ]);
  });

  it('are null after the last page and undefined for the first one', () => {
    expect(ann.write(undefined)).toBeNull();
    expect(ann.read(undefined)).toBeUndefined();
  });

  it.each([
    ['viewer', cursorsOf(sealed, requestBy('bob'), { query: 'x' })],
    ['filter', cursorsOf(sealed, requestBy('ann'), { query: 'y' })],
    ['filter, none', cursorsOf(sealed, requestBy('ann'), {})],
    ['list', cursorsOf(sealed, requestBy('ann', '/v1/others'), { query: 'x' })],
  ])('are refused for another %s', (_, other) => {
    expect(() => other.read(written)).toThrow(new HttpError('cursor_invalid'));
  });

  it.each(['', 'x', '\0'])('are refused when they were never issued: %j', (text) => {
    expect(() => ann.read(text)).toThrow(new HttpError('cursor_invalid'));
  });

  it('require a signed-in user', () => {
    expect(() => cursorsOf(sealed, requestBy(null), {})).toThrow(TypeError);
  });
});
