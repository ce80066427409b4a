import { describe, expect, it } from 'vitest';
import { findRouteIn } from '../../../../src/adapters/http/access/route-lookup.ts';

const access = { caller: 'user' } as const;
const table = {
  'GET /v1/sessions/{id}': access,
  'GET /v1/sessions/current': { caller: 'administrator' },
  'DELETE /v1/households/{id}/members/{userId}': access,
} as const;
const findRoute = (asked: string) => findRouteIn(table, asked);

describe('the lookup of a route', () => {
  it('finds it by method and path, with the values of its placeholders', () => {
    expect(findRoute('DELETE /v1/households/hh_1/members/user%20two?x=1')).toStrictEqual({
      route: 'DELETE /v1/households/{id}/members/{userId}',
      access,
      parameters: { id: 'hh_1', userId: 'user two' },
    });
  });

  it('prefers a literal path to one with a placeholder', () => {
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
  ])('finds no route for "%s"', (route) => {
    expect(findRoute(route)).toBeUndefined();
  });
});
