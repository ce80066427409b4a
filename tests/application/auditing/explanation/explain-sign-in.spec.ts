import { describe, expect, it } from 'vitest';
import { type AsOf, NOW } from '../../../../src/application/auditing/history/as-of-moment.ts';
import { openPastLog, type PastEvent, toAnn } from '../../../support/event-log/past-log.ts';
import { at } from '../../../support/events/token-family-fixtures.ts';
import { failed, issuedToken, locked, registered } from '../../../support/events/user-fixtures.ts';

const explain = async (happened: readonly PastEvent[], now: number, asOf: AsOf = NOW) => {
  const past = openPastLog([toAnn(registered, 0), ...happened], now);
  const { code, verdict, reasons } = await past.explainSignIn({ userId: 'user_ann', asOf });
  return { code, verdict, reasons: reasons.map(({ type, at: when }) => [type, when]) };
};

const wrong = (...seconds: readonly number[]) => seconds.map((one) => toAnn(failed(one), one));

describe('the explanation of a locked account', () => {
  const tenTimes = [
    ...wrong(1, 900, 901, 902, 903, 904, 905, 906, 907, 908, 909),
    toAnn(locked(909), 909),
  ];

  it('lists the wrong passwords of the window, and names the end of the lock', async () => {
    const { code, verdict, reasons } = await explain(tenTimes, 1_000);
    expect(code).toBe('invalid_credentials');
    expect(verdict).toBe(
      `The account is locked until ${at(4_509)} after 10 wrong passwords; until then the right password is refused, too.`,
    );
    expect(reasons).toHaveLength(11);
    expect(reasons[0]).toStrictEqual(['SignInFailed', at(900)]);
    expect(reasons.at(-1)).toStrictEqual(['UserLocked', at(909)]);
  });

  it('excludes wrong passwords that an earlier lock has counted', async () => {
    const again = [...tenTimes, ...wrong(4_600, 4_601), toAnn(locked(4_601), 4_601)];
    expect((await explain(again, 4_700)).reasons).toStrictEqual([
      ['SignInFailed', at(4_600)],
      ['SignInFailed', at(4_601)],
      ['UserLocked', at(4_601)],
    ]);
  });

  it('excludes wrong passwords before an administrator unlocked the account', async () => {
    const unlocked = { type: 'UserUnlocked', data: { reason: 'admin', unlockedAt: at(950) } };
    const again = [...tenTimes, toAnn(unlocked, 950), ...wrong(960), toAnn(locked(960), 960)];
    expect((await explain(again, 970)).reasons).toStrictEqual([
      ['SignInFailed', at(960)],
      ['UserLocked', at(960)],
    ]);
  });

  it('ends with the lock, to the millisecond', async () => {
    const end: AsOf = { kind: 'time', time: at(4_509) };
    const before: AsOf = { kind: 'time', time: at(4_508.999) };
    expect((await explain(tenTimes, 9_000, end)).code).toBeNull();
    expect((await explain(tenTimes, 9_000, before)).code).toBe('invalid_credentials');
  });
});

describe('the explanation of an account that refuses sign-in without a lock', () => {
  it.each([
    [{ type: 'UserDeactivated', data: { deactivatedAt: at(5) } }, 'The account is deactivated'],
    [{ type: 'UserErased', data: { erasedAt: at(5) } }, 'The account was erased'],
    [
      { type: 'PasswordChanged', data: { passwordHash: null, reason: 'admin', changedAt: at(5) } },
      'The account has no password, as its password was removed',
    ],
  ])('names the reason: $type', async (event, verdict) => {
    const { code, verdict: said, reasons } = await explain([toAnn(event, 5)], 10);
    expect(code).toBe('invalid_credentials');
    expect(said).toContain(verdict);
    expect(reasons.at(-1)).toStrictEqual([event.type, at(5)]);
  });

  it('names the verification that the address needs', async () => {
    const pending = { ...registered, data: { ...registered.data, pending: true } };
    const token = issuedToken(1, at(86_400));
    const asked = {
      type: 'EmailVerificationRequested',
      data: { email: 'ann@example.com', token, requestedAt: at(0) },
    };
    const past = openPastLog([toAnn(pending, 0), toAnn(asked, 0)], 10);
    expect(await past.explainSignIn({ userId: 'user_ann', asOf: NOW })).toMatchObject({
      code: 'invalid_credentials',
      verdict: expect.stringContaining('The address is not verified yet'),
      reasons: [
        { what: 'signed up; the address must be verified first' },
        { what: `a link to verify the address was issued, valid until ${at(86_400)}` },
      ],
    });
  });

  it('says that a guest has no password', async () => {
    const guest = {
      ...registered,
      data: { ...registered.data, email: null, passwordHash: null, tier: 'anonymous' },
    };
    const past = openPastLog([toAnn(guest, 0)], 10);
    expect(await past.explainSignIn({ userId: 'user_ann', asOf: NOW })).toMatchObject({
      code: 'invalid_credentials',
      verdict: 'A guest has no password to sign in with.',
    });
  });
});

describe('the explanation of an account that allows sign-in', () => {
  it('says so after wrong passwords, too', async () => {
    expect(await explain(wrong(1, 2, 3), 10)).toStrictEqual({
      code: null,
      verdict: 'Sign-in is allowed: the right password starts a session.',
      reasons: [['UserRegistered', at(0)]],
    });
  });

  it('fails for an unknown user', async () => {
    const past = openPastLog([], 10);
    await expect(past.explainSignIn({ userId: 'user_ann', asOf: NOW })).rejects.toMatchObject({
      code: 'user_not_found',
    });
  });
});
