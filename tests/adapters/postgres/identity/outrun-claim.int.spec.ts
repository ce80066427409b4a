import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createCreateAccount } from '../../../../src/application/accounts/create-account.ts';
import { tokens } from '../../../../src/composition/system-tokens.ts';
import {
  allTables,
  type ComposedSystem,
  composeSystem,
  visitor,
} from '../../../support/servers/composed-system.ts';

let system: ComposedSystem;
beforeAll(async () => {
  system = await composeSystem();
});
afterAll(() => system?.close());

const account = {
  email: 'ann@example.com',
  password: 'a horse on a staircase',
  displayName: 'Ann',
};

/** A registration during whose password hash other events happen. */
const registerSlowly = (meanwhile: () => Promise<unknown>) =>
  createCreateAccount({
    commands: system.get(tokens.commands),
    identifiers: system.get(tokens.identifiers),
    acceptPassword: system.get(tokens.acceptPassword),
    oneTimeTokens: system.get(tokens.oneTimeTokens),
    prepareAccount: system.get(tokens.prepareAccount),
    ids: system.get(tokens.ids),
    clock: system.get(tokens.clock),
    passwords: {
      ...system.get(tokens.passwords),
      hash: async (password) => {
        await meanwhile();
        return system.get(tokens.passwords).hash(password);
      },
    },
  })(account, 'unverified', visitor);

describe('when a claim expires before its account is stored', () => {
  it('the identifier goes to the faster user, and the later one gets identifier_taken', async () => {
    let winner = '';
    const late = registerSlowly(async () => {
      await system.sql("UPDATE identifier_claims SET expires_at = now() - interval '1 second'");
      winner = (await system.get(tokens.createAccount)(account, 'unverified', visitor)).userId;
    });
    await expect(late).rejects.toMatchObject({ code: 'identifier_taken' });
    expect(await system.sql('SELECT id FROM users')).toStrictEqual([{ id: winner }]);
    expect(
      await system.sql('SELECT user_id, value, expires_at FROM identifier_claims'),
    ).toStrictEqual([{ user_id: winner, value: 'ann@example.com', expires_at: null }]);
    const { drift } = await system.get(tokens.projections).verify(allTables, () => undefined);
    expect(drift).toStrictEqual([]);
  });

  it('the claim is confirmed when no other user has claimed it', async () => {
    await system.sql(
      'TRUNCATE streams, events, subject_keys, users, households, identifier_claims, revoked_tokens CASCADE',
    );
    const { userId } = await registerSlowly(() => system.sql('DELETE FROM identifier_claims'));
    expect(await system.sql('SELECT user_id, expires_at FROM identifier_claims')).toStrictEqual([
      { user_id: userId, expires_at: null },
    ]);
  });
});
