import { describe, expect, it } from 'vitest';
import { createReadUser } from '../../../src/application/administration/read-user.ts';
import { ApplicationError } from '../../../src/application/kernel/errors.ts';
import { directoryOf, userNumber } from '../../support/administration/user-directory-fixtures.ts';

describe('reading a user as an administrator', () => {
  it('answers the account with that id', async () => {
    const { users } = directoryOf([userNumber(1)]);
    expect(await createReadUser({ users })('user_1')).toStrictEqual(userNumber(1));
  });

  it('is refused for an unknown user', async () => {
    const { users } = directoryOf([userNumber(1)]);
    await expect(createReadUser({ users })('user_2')).rejects.toStrictEqual(
      new ApplicationError('user_not_found'),
    );
  });
});
