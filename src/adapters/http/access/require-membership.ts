import type { FastifyRequest } from 'fastify';
import type { ReadHousehold } from '../../../application/households/read-household.ts';
import { claimsOf } from './require-access-token.ts';

/**
 * A hook for whatever is done to the household `:id`: who is no member is turned away before its stream
 * is read, since how long that takes tells how much there is. What a member may is decided later.
 * @throws DomainError `household_not_found`
 */
export const requireMembership =
  (readHousehold: ReadHousehold) =>
  async (request: FastifyRequest): Promise<void> => {
    const { id } = request.params as Readonly<{ id?: string }>;
    // What only reads asks the same itself.
    if (id === undefined || request.method === 'GET') return;
    await readHousehold(id, claimsOf(request).sub);
  };
