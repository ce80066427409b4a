import { describe, expect, it } from 'vitest';
import { findRouteIn } from '../../../../src/adapters/http/access/route-lookup.ts';

const access = { caller: 'user' } as const;
const table = {
  'GET /v1/sessions/{id}': access,
  'GET /v1/sessions/current': { caller: 'administrator' },
  'DELETE /v1/households/{id}/members/{userId}': access,
} as const;
const findRoute = (asked: string) => findRouteIn(table, asked);

describe('a request that is looked up', () => {
  it('is found by method and path, with what its placeholders stand for', () => {
    expect(findRoute('DELETE /v1/households/hh_1/members/user%20two?x=1')).toStrictEqual({
      route: 'DELETE /v1/households/{id}/members/{userId}',
      access,
      parameters: { id: 'hh_1', userId: 'user two' },
    });
  });

  it('goes to the path that is named before the one that fits', () => {
    expect(findRoute('GET /v1/sessions/current')?.route).toBe('GET /v1/sessions/current');
    expect(findRoute('GET /v1/sessions/other')?.route).toBe('GET /v1/sessions/{id}');
  });

  it.each([
    '',
    'GET',
    'POST /v1/sessions/current',
    'GET /v1/sessions',
    'GET /v1/sessions/',
    'GET /v1/sessions/a/b',
    'GET /v1/sessions/%zz',
    'get /v1/sessions/a',
  ])('is nowhere: "%s"', (route) => {
    expect(findRoute(route)).toBeUndefined();
  });
});
