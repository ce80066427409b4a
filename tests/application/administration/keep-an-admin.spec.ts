import { describe, expect, it } from 'vitest';
import { createKeepAnAdmin } from '../../../src/application/administration/keep-an-admin.ts';
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
  return { steps, keep: () => keepAnAdmin('user_ann', work) };
};

describe('removing an administrator when another one stays, or the account is none', () => {
  it.each<[string, World]>([
    ['another active administrator is left', { account: admin, others: true }],
    ['the account is not an administrator', { account: accountOf() }],
    [
      'the account is deactivated already',
      { account: accountOf({ role: 'admin', active: false }) },
    ],
    ['there is no such account', { account: undefined }],
  ])('runs the work in an exclusive section: %s', async (_, world) => {
    const { keep, steps } = setUp(world);
    expect(await keep()).toBe('done');
    expect(steps).toStrictEqual(['enter administrators', 'look', 'work', 'leave']);
  });
});

describe('removing the last administrator', () => {
  it('is refused, and the work does not run', async () => {
    const { keep, steps } = setUp({ account: admin });
    await expect(keep()).rejects.toStrictEqual(new ApplicationError('last_admin'));
    expect(steps).toStrictEqual(['enter administrators', 'look', 'leave']);
  });
});
