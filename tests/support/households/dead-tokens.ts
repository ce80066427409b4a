import { expect } from 'vitest';
import { eventually } from '../kernel/eventually.ts';
import {
  type Answer,
  expectProblem,
  type HttpClient,
  type TokenPair,
} from '../servers/http-client.ts';
import type { TwoServers } from '../servers/two-servers.ts';
import { claimsIn } from './household-client.ts';

/** Fails unless every process comes to refuse all of these access tokens. */
export const expectDead = async (
  clients: readonly HttpClient[],
  accessTokens: readonly string[],
): Promise<void> => {
  for (const client of clients) {
    for (const token of accessTokens) {
      const isRefused = async () => (await client.me(token)).status === 401;
      await eventually(isRefused, 'the access token is refused');
      expectProblem(await client.me(token), 'access_token_invalid');
    }
  }
};

/** Those of the access tokens that say they act for the household. */
export const speakingFor = (
  household: string,
  accessTokens: readonly string[],
): readonly string[] => accessTokens.filter((token) => claimsIn(token).hh === household);

/** The access tokens that were answered, whatever else was. */
export const accessTokensIn = (answers: readonly Answer[]): readonly string[] =>
  answers.flatMap(({ json }) => (json as Partial<TokenPair> | undefined)?.accessToken ?? []);

/** What was answered: the codes of refusals, and the status of anything else. */
export const codesIn = (answers: readonly Answer[]): ReadonlySet<string | number> =>
  new Set(
    answers.map(({ status, json }) => (json as { code?: string } | undefined)?.code ?? status),
  );

const DIVERGED = `SELECT s.id FROM sessions AS s
  WHERE s.revoked_at IS NULL AND s.household_id IS NOT NULL AND NOT EXISTS (
    SELECT FROM household_members AS m
      WHERE m.household_id = s.household_id AND m.user_id = s.user_id)`;

/** Fails if a session is left that acts for a household its user does not belong to. */
export const expectNoMemberDiverged = async ({
  database,
}: Pick<TwoServers, 'database'>): Promise<void> =>
  expect(await database.query({ text: DIVERGED })).toStrictEqual([]);
