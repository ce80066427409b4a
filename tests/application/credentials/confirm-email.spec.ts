import { describe, expect, it } from 'vitest';
import { createConfirmEmail } from '../../../src/application/credentials/confirm-email.ts';
import { createConfirmEmailChange } from '../../../src/application/credentials/confirm-email-change.ts';
import { createRequestEmailChange } from '../../../src/application/credentials/request-email-change.ts';
import { createRequestEmailVerification } from '../../../src/application/credentials/request-email-verification.ts';
import { createUndoEmailChange } from '../../../src/application/credentials/undo-email-change.ts';
import { createUseEmailLink } from '../../../src/application/credentials/use-email-link.ts';
import { ApplicationError } from '../../../src/application/kernel/errors.ts';
import { START } from '../../support/events/token-family-fixtures.ts';
import { createAccountServices, PASSWORD } from '../../support/identity/account-services.ts';
import { contextFrom } from '../../support/sessions/session-services.ts';

const ANN = 'ann@example.com';
const ANNA = 'anna@example.com';
const invalid = { code: 'token_invalid' };
const AUTH_TIME = Date.parse(START) / 1_000;

type EmailTokenType = 'email_verification' | 'email_change' | 'email_change_undo';

const setUp = () => {
  const services = createAccountServices();
  const confirmEmail = createConfirmEmail(services);
  const confirmEmailChange = createConfirmEmailChange(services);
  const undoEmailChange = createUndoEmailChange(services);
  const useEmailLink = createUseEmailLink({
    ...services,
    confirmEmail,
    confirmEmailChange,
    undoEmailChange,
  });
  const requestEmailVerification = createRequestEmailVerification(services);
  const requestEmailChange = createRequestEmailChange(services);
  return {
    ...services,
    /** Follows the link with the `n`-th token that was ever made. */
    useLink: (n: number, ...wanted: readonly EmailTokenType[]) =>
      useEmailLink(`otp ${n}`, contextFrom(), ...wanted),
    askForProof: (email: string) => requestEmailVerification(email, contextFrom()),
    askForChange: (userId: string, email: string, password = PASSWORD) =>
      requestEmailChange(
        { userId, sessionId: 'family-1', authTime: AUTH_TIME, email, password },
        contextFrom(),
      ),
    /** Somebody who waits for a proof of the address. */
    wait: (userId: string, email: string, username: string | null = null) =>
      services.signUp(userId, email, {
        username,
        pending: true,
        verification: services.oneTimeTokens.issue('email_verification', services.clock.now()),
      }),
  };
};

describe('when a proof is asked for', () => {
  it('sends a link to whoever waits for one, answered after a while', async () => {
    const { wait, askForProof, typesOf, pauses, useLink } = setUp();
    await wait('user_ann', ANN);
    await askForProof(` ${ANN.toUpperCase()} `);
    expect(await typesOf('user_ann', 2)).toStrictEqual(['EmailVerificationRequested']);
    expect(pauses).toStrictEqual([100]);
    await expect(useLink(1)).rejects.toMatchObject(invalid);
    expect(await useLink(2)).toBe('email_verification');
  });

  it('lets the reader of the mail choose the password where several wait', async () => {
    const { wait, askForProof, typesOf } = setUp();
    await wait('user_ann', ANN);
    await wait('user_eve', ANN);
    await askForProof(ANN);
    expect(await typesOf('user_eve', 2)).toStrictEqual(['PasswordResetRequested']);
    expect(await typesOf('user_ann', 2)).toStrictEqual([]);
  });

  it('sends nothing, and takes as long, when there is nothing to prove', async () => {
    const { signUp, askForProof, typesOf, pauses } = setUp();
    await signUp('user_ann', ANN, { verification: 'vouched' });
    await askForProof(ANN);
    await askForProof('nobody@example.com');
    expect(await typesOf('user_ann', 2)).toStrictEqual([]);
    expect(pauses).toStrictEqual([100, 100]);
  });

  it('refuses what is no address', () =>
    expect(() => setUp().askForProof('nobody')).toThrow(
      expect.objectContaining({ code: 'email_invalid' }),
    ));
});

describe('when the link of a new account is followed', () => {
  it('brings it to life, and puts it down to its user', async () => {
    const { wait, useLink, typesOf, steps, eventStore, accounts } = setUp();
    await wait('user_ann', ANN, 'ann');
    expect(await useLink(1)).toBe('email_verification');
    expect(await typesOf('user_ann', 2)).toStrictEqual(['EmailVerified', 'UsernameChanged']);
    expect(steps).toStrictEqual([`claim email ${ANN}`, 'claim username ann']);
    expect((await accounts.findByIdentifier({ kind: 'email', value: ANN }))?.userId).toBe(
      'user_ann',
    );
    const { events } = await eventStore.readStream({ category: 'user', id: 'user_ann' });
    expect(events.at(-1)?.metadata.actor).toBe('user_ann');
  });

  it('gives the address to whoever proves it first', async () => {
    const { wait, useLink, typesOf } = setUp();
    await wait('user_eve', ANN);
    await wait('user_ann', ANN);
    await useLink(2);
    await expect(useLink(1)).rejects.toStrictEqual(new ApplicationError('token_invalid'));
    expect(await typesOf('user_eve', 2)).toStrictEqual([]);
  });

  it('works once', async () => {
    const { wait, useLink, typesOf } = setUp();
    await wait('user_ann', ANN);
    await useLink(1);
    await expect(useLink(1)).rejects.toMatchObject(invalid);
    expect(await typesOf('user_ann', 2)).toStrictEqual(['EmailVerified']);
  });

  it('gives back what it claimed when the link is too old', async () => {
    const { wait, useLink, clock, steps } = setUp();
    await wait('user_ann', ANN, 'ann');
    clock.advance(86_400);
    await expect(useLink(1)).rejects.toMatchObject({ name: 'DomainError', ...invalid });
    expect(steps.at(-1)).toBe(`release email ${ANN},username ann`);
  });

  it('claims nothing for an address that is used already', async () => {
    const { signUp, askForProof, useLink, typesOf, steps } = setUp();
    await signUp('user_ann', ANN);
    await askForProof(ANN);
    await useLink(1);
    expect(await typesOf('user_ann', 2)).toStrictEqual(['EmailVerified']);
    expect(steps).toStrictEqual([]);
  });
});

describe('when an address is changed', () => {
  const changed = async () => {
    const world = setUp();
    await world.signUp('user_ann', ANN, { verification: 'vouched' });
    await world.open();
    await world.askForChange('user_ann', ANNA);
    return world;
  };

  it('takes effect with the link, which only its reader has', async () => {
    const { useLink, accounts, steps } = await changed();
    expect((await accounts.findById('user_ann'))?.profile.email).toBe(ANN);
    expect(await useLink(1)).toBe('email_change');
    expect((await accounts.findById('user_ann'))?.profile.email).toBe(ANNA);
    expect(steps).toStrictEqual([`claim email ${ANNA}`]);
  });

  it('asks for the password first', async () => {
    const { askForChange, typesOf } = await changed();
    await expect(askForChange('user_ann', ANNA, 'something else')).rejects.toMatchObject({
      code: 'invalid_credentials',
    });
    expect((await typesOf('user_ann')).at(-1)).toBe('SignInFailed');
    await expect(askForChange('user_ann', 'nobody')).rejects.toMatchObject({
      code: 'email_invalid',
    });
  });

  it('does not take an address that somebody else has by now', async () => {
    const { signUp, useLink, typesOf } = await changed();
    await signUp('user_ben', ANNA);
    await expect(useLink(1)).rejects.toStrictEqual(new ApplicationError('token_invalid'));
    expect(await typesOf('user_ann', 3)).toStrictEqual([]);
  });

  it('gives back what it claimed when the link is too old', async () => {
    const { useLink, clock, steps } = await changed();
    clock.advance(86_400);
    await expect(useLink(1)).rejects.toMatchObject({ name: 'DomainError', ...invalid });
    expect(steps).toStrictEqual([`claim email ${ANNA}`, `release email ${ANNA}`]);
  });

  it('is taken back by the old address, which ends every session and voids the password', async () => {
    const { useLink, accounts, sessions, typesOf } = await changed();
    await useLink(1);
    expect(await useLink(2)).toBe('email_change_undo');
    expect(await typesOf('user_ann', 4)).toStrictEqual([
      'EmailChanged',
      'PasswordChanged',
      'PasswordResetRequested',
    ]);
    expect(await accounts.findById('user_ann')).toMatchObject({
      passwordHash: null,
      profile: { email: ANN },
    });
    expect(await sessions.unrevokedFamilyIds('user_ann')).toStrictEqual([]);
    await expect(useLink(2)).rejects.toMatchObject(invalid);
  });
});

describe('when an address was left, and its user is back', () => {
  it('cannot be taken away by what was mailed in between, whoever wants it', async () => {
    const world = setUp();
    await world.signUp('user_ann', ANN, { verification: 'vouched' });
    await world.open();
    await world.askForChange('user_ann', ANNA);
    await world.useLink(1);
    await world.askForChange('user_ann', ANN);
    await world.useLink(3);
    await world.wait('user_ben', ANN);
    for (const undo of [2, 4]) await expect(world.useLink(undo)).rejects.toMatchObject(invalid);
    await expect(world.useLink(5)).rejects.toMatchObject(invalid);
    expect((await world.accounts.findById('user_ann'))?.profile.email).toBe(ANN);
    expect((await world.accounts.findById('user_ann'))?.passwordHash).not.toBeNull();
  });
});

describe('when an address was never proven, and is changed', () => {
  it('is nobody’s any more: its reader may be a stranger', async () => {
    const { signUp, open, askForChange, useLink, accounts } = setUp();
    await signUp('user_ann', ANN);
    await open();
    await askForChange('user_ann', ANNA);
    await useLink(1);
    await expect(useLink(2)).rejects.toMatchObject(invalid);
    expect((await accounts.findById('user_ann'))?.profile.email).toBe(ANNA);
  });
});

describe('a link about an address', () => {
  it('does only what it is wanted for', async () => {
    const { wait, useLink, typesOf } = setUp();
    await wait('user_ann', ANN);
    await expect(useLink(1, 'email_change', 'email_change_undo')).rejects.toMatchObject(invalid);
    expect(await typesOf('user_ann', 2)).toStrictEqual([]);
    expect(await useLink(1, 'email_verification')).toBe('email_verification');
  });

  it('is worth nothing when nobody made it', async () => {
    await expect(setUp().useLink(1)).rejects.toStrictEqual(new ApplicationError('token_invalid'));
  });

  it('is refused where the stream knows nothing of it, whatever the table says', async () => {
    const services = setUp();
    await services.signUp('user_ann', ANN);
    const forged = { userId: 'user_ann', tokenHash: 'hash of otp 9' } as const;
    const confirm = createConfirmEmailChange(services);
    await expect(confirm({ type: 'email_change', ...forged }, contextFrom())).rejects.toStrictEqual(
      new ApplicationError('token_invalid'),
    );
    await expect(
      confirm({ type: 'email_change', ...forged, userId: 'user_ben' }, contextFrom()),
    ).rejects.toStrictEqual(new ApplicationError('token_invalid'));
  });
});
