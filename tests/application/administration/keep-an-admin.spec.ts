import { describe, expect, it } from 'vitest';
import { createKeepAnAdmin } from '../../../src/application/administration/keep-an-admin.ts';
import { createRequireAdmin } from '../../../src/application/administration/require-admin.ts';
import { ApplicationError } from '../../../src/application/kernel/errors.ts';
import { accountOf } from '../../support/events/recorded-events.ts';

type World = Readonly<{
  account?: ReturnType<typeof accountOf> | undefined;
  others?: boolean;
}>;

const admin = accountOf({ role: 'admin' });

const setUp = ({ account, others = false }: World) => {
  const steps: string[] = [];
  const accounts = {
    findById: async () => {
      steps.push('look');
      return account;
    },
    findByIdentifier: async () => undefined,
    findAddressHolder: async () => undefined,
    findPrincipal: async () => undefined,
    findLatestPending: async () => undefined,
    hasOtherActiveAdmin: async () => others,
  };
  const keepAnAdmin = createKeepAnAdmin({
    accounts,
    exclusively: async (name, work) => {
      steps.push(`enter ${name}`);
      try {
        return await work();
      } finally {
        steps.push('leave');
      }
    },
  });
  const work = async () => {
    steps.push('work');
    return 'done';
  };
  return { steps, keep: () => keepAnAdmin('user_ann', work), accounts };
};

describe('when an administrator may go', () => {
  it.each<[string, World]>([
    ['another one is left', { account: admin, others: true }],
    ['the account is no administrator', { account: accountOf() }],
    [
      'the account is deactivated already',
      { account: accountOf({ role: 'admin', active: false }) },
    ],
    ['there is no account', { account: undefined }],
  ])('does the work, alone: %s', async (_, world) => {
    const { keep, steps } = setUp(world);
    expect(await keep()).toBe('done');
    expect(steps).toStrictEqual(['enter administrators', 'look', 'work', 'leave']);
  });
});

describe('when it is the last administrator', () => {
  it('refuses and does nothing', async () => {
    const { keep, steps } = setUp({ account: admin });
    await expect(keep()).rejects.toStrictEqual(new ApplicationError('last_admin'));
    expect(steps).toStrictEqual(['enter administrators', 'look', 'leave']);
  });
});

describe('what only administrators may do', () => {
  const require = (world: World) => createRequireAdmin(setUp(world))('user_ann');

  it('is open to an active one', async () =>
    expect(await require({ account: admin })).toBeUndefined());

  it.each<[string, World]>([
    ['somebody else', { account: accountOf() }],
    ['a deactivated one', { account: accountOf({ role: 'admin', active: false }) }],
    ['somebody who is gone', { account: undefined }],
  ])('is closed to %s', async (_, world) => {
    await expect(require(world)).rejects.toStrictEqual(new ApplicationError('admin_required'));
  });
});
