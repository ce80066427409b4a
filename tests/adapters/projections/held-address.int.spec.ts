import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { tokens } from '../../../src/composition/system-tokens.ts';
import {
  createAccountActions,
  PASSWORD,
  type Person,
} from '../../support/projections/random-history-accounts.ts';
import {
  allTables,
  type ComposedSystem,
  openComposedSystem,
  visitor,
} from '../../support/servers/composed-system.ts';

let system: ComposedSystem;
beforeAll(async () => {
  system = await openComposedSystem();
});
afterAll(() => system?.close());

const account = { email: 'ann@example.com', password: PASSWORD, displayName: 'Ann' };
const register = () => system.get(tokens.http).registration.registerUser(account, visitor);

describe('a former address whose change can still be undone', () => {
  it('stays reserved for its account after a rebuild', async () => {
    const { user } = await register();
    const ann: Person = { id: user.id, email: account.email, password: PASSWORD };
    const { do: act } = createAccountActions(system);
    await act({ user: 0, kind: 'useLink', link: 'email_verification' }, ann);
    await act({ user: 0, kind: 'requestEmailChange', address: 0 }, ann);
    await act({ user: 0, kind: 'useLink', link: 'email_change' }, ann);
    await system.sql('TRUNCATE users, households, identifier_claims, revoked_tokens CASCADE');
    await system.get(tokens.projections).rebuild(allTables, () => undefined);

    await expect(register()).rejects.toMatchObject({ code: 'identifier_taken' });

    await act({ user: 0, kind: 'useLink', link: 'email_change_undo' }, ann);
    expect(await system.get(tokens.users).findProfile(ann.id)).toMatchObject({
      email: 'ann@example.com',
      emailVerified: true,
    });
  });
});
