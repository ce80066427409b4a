import { describe, expect, it } from 'vitest';
import { createReadProfile } from '../../../src/application/accounts/read-profile.ts';
import { ApplicationError } from '../../../src/application/kernel/errors.ts';
import { accountOf } from '../../support/events/recorded-events.ts';

const { profile } = accountOf();
const users = {
  findProfile: async (id: string) => (id === profile.id ? profile : undefined),
  isEmpty: async () => false,
};

describe('reading a profile', () => {
  it('answers the profile of the user', async () =>
    expect(await createReadProfile({ users })('user_ann')).toStrictEqual(profile));

  it('is refused for a user who does not exist', async () => {
    await expect(createReadProfile({ users })('user_ben')).rejects.toStrictEqual(
      new ApplicationError('user_not_found'),
    );
  });
});
