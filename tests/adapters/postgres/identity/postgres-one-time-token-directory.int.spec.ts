import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { userAggregate } from '../../../../src/application/kernel/aggregate.ts';
import { tokens } from '../../../../src/composition/system-tokens.ts';
import type { UserCommand } from '../../../../src/domain/user/user-commands.ts';
import {
  confirmChange,
  confirmEmail,
  requestChange,
  requestReset,
  requestVerification,
  resetPassword,
  tokenHash,
  undoChange,
} from '../../../support/events/account-fixtures.ts';
import { register } from '../../../support/events/user-fixtures.ts';
import {
  type ComposedSystem,
  composeSystem,
  visitor,
} from '../../../support/servers/composed-system.ts';

let system: ComposedSystem;

beforeAll(async () => {
  system = await composeSystem();
});
afterAll(() => system?.close());

const give = (userId: string, command: UserCommand) =>
  system.get(tokens.commands).execute(userAggregate, userId, command, visitor);

const newUser = async (userId: string): Promise<void> => {
  const data = { ...register.data, email: null, username: null, householdId: `hh_${userId}` };
  await give(userId, { ...register, data: { ...data, email: `${userId}@example.com` } });
};

const find = (number: number) => system.get(tokens.oneTimeTokenDirectory).find(tokenHash(number));

describe('a one-time token', () => {
  it('is found with its user and its type', async () => {
    await newUser('user_1');
    await give('user_1', requestVerification(1, 0));
    await give('user_1', requestReset(2, 0));
    await give('user_1', requestChange(3, 0));
    expect([await find(1), await find(2), await find(3)]).toStrictEqual([
      { userId: 'user_1', type: 'email_verification' },
      { userId: 'user_1', type: 'password_reset' },
      { userId: 'user_1', type: 'email_change' },
    ]);
  });

  it('is not found when it does not exist', async () => expect(await find(999)).toBeUndefined());

  it('is not found once the next one of its type was issued', async () => {
    await newUser('user_2');
    await give('user_2', requestReset(11, 0));
    await give('user_2', requestReset(12, 1));
    expect([await find(11), await find(12)]).toStrictEqual([
      undefined,
      { userId: 'user_2', type: 'password_reset' },
    ]);
  });

  it('is not found once it was used, and an address change revokes all but its undo token', async () => {
    await newUser('user_3');
    await give('user_3', requestVerification(21, 0));
    await give('user_3', confirmEmail(21, 1));
    expect(await find(21)).toBeUndefined();

    await give('user_3', requestReset(22, 2));
    await give('user_3', requestChange(23, 2, 'third@example.com'));
    await give('user_3', confirmChange(23, 24, 3));
    expect([await find(22), await find(23), await find(24)]).toStrictEqual([
      undefined,
      undefined,
      { userId: 'user_3', type: 'email_change_undo' },
    ]);

    await give('user_3', requestReset(25, 4));
    await give('user_3', resetPassword(25, 5));
    expect([await find(25), await find(24)]).toStrictEqual([
      undefined,
      { userId: 'user_3', type: 'email_change_undo' },
    ]);

    await give('user_3', undoChange(24, 26, 6));
    expect([await find(24), await find(26)]).toStrictEqual([
      undefined,
      { userId: 'user_3', type: 'password_reset' },
    ]);
  });
});
