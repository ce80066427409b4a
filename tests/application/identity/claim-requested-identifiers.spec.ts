import { describe, expect, it } from 'vitest';
import { createClaimRequestedIdentifiers } from '../../../src/application/identity/claim-requested-identifiers.ts';
import { ApplicationError } from '../../../src/application/kernel/errors.ts';
import { fold } from '../../../src/domain/decider.ts';
import { userDecider } from '../../../src/domain/user/user-decider.ts';
import type { UserEvent } from '../../../src/domain/user/user-events.ts';
import {
  guestRegistered,
  pendingRegistered,
  upgradeRequested,
  verified,
} from '../../support/events/account-fixtures.ts';
import { registered } from '../../support/events/user-fixtures.ts';

type World = Readonly<{ taken?: readonly string[]; failure?: Error; stuck?: boolean }>;

const setUp = ({ taken = [], failure, stuck = false }: World = {}) => {
  const steps: string[] = [];
  const named = (identifiers: readonly { value: string }[]) => identifiers.map((i) => i.value);
  const claimRequested = createClaimRequestedIdentifiers({
    claim: async (identifiers, userId) => {
      steps.push(`${userId} claims ${named(identifiers)}`);
      if (failure !== undefined) throw failure;
      if (named(identifiers).some((value) => taken.includes(value))) {
        throw new ApplicationError('identifier_taken');
      }
    },
    release: async (identifiers, userId) => {
      steps.push(`${userId} releases ${named(identifiers)}`);
      if (stuck) throw new Error('the database is away');
    },
  });
  const claim = (...past: UserEvent[]) =>
    claimRequested('user_ann', fold(userDecider, userDecider.initialState, past));
  return { steps, claim };
};

describe('claiming the requested address and username of an account', () => {
  it.each<[string, UserEvent[]]>([
    ['at its registration', [pendingRegistered]],
    ['as a guest', [guestRegistered, upgradeRequested(1)]],
  ])('claims both: %s', async (_, past) => {
    const { steps, claim } = setUp();
    expect(await claim(...past)).toMatchObject({ usernameClaimed: true });
    expect(steps).toStrictEqual(['user_ann claims ann@example.com', 'user_ann claims ann']);
  });

  it('does without a username that is taken', async () => {
    const { steps, claim } = setUp({ taken: ['ann'] });
    const { usernameClaimed, releaseClaim } = await claim(pendingRegistered);
    expect(usernameClaimed).toBe(false);
    await releaseClaim();
    expect(steps.at(-1)).toBe('user_ann releases ann@example.com');
  });

  it('is refused when the address is taken, and claims no username', async () => {
    const { steps, claim } = setUp({ taken: ['ann@example.com'] });
    await expect(claim(pendingRegistered)).rejects.toStrictEqual(
      new ApplicationError('token_invalid'),
    );
    expect(steps).toStrictEqual(['user_ann claims ann@example.com']);
  });

  it('releases both, and ignores an error of the release', async () => {
    const { steps, claim } = setUp({ stuck: true });
    const { releaseClaim } = await claim(pendingRegistered);
    expect(await releaseClaim()).toBeUndefined();
    expect(steps.at(-1)).toBe('user_ann releases ann@example.com,ann');
  });

  it('passes on any other error', async () => {
    const failure = new ApplicationError('service_unavailable');
    await expect(setUp({ failure }).claim(pendingRegistered)).rejects.toBe(failure);
  });
});

describe('claiming the requested address of an account', () => {
  it('claims the address only', async () => {
    const { steps, claim } = setUp();
    const past = { ...pendingRegistered, data: { ...pendingRegistered.data, username: null } };
    expect(await claim(past)).toMatchObject({ usernameClaimed: false });
    expect(steps).toStrictEqual(['user_ann claims ann@example.com']);
  });
});

describe('claiming identifiers of an account that requested none', () => {
  it.each<[string, UserEvent[]]>([
    ['the unverified address is in use already', [registered]],
    ['the address is verified', [registered, verified(1)]],
    ['there is no address', [guestRegistered]],
    ['there is no account', []],
  ])('claims nothing and releases nothing: %s', async (_, past) => {
    const { steps, claim } = setUp();
    const { usernameClaimed, releaseClaim } = await claim(...past);
    await releaseClaim();
    expect([usernameClaimed, steps]).toStrictEqual([false, []]);
  });
});
