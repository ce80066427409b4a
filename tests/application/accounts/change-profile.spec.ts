import { describe, expect, it } from 'vitest';
import { createChangeProfile } from '../../../src/application/accounts/change-profile.ts';
import { createReadProfile } from '../../../src/application/accounts/read-profile.ts';
import { userAggregate } from '../../../src/application/kernel/aggregate.ts';
import { ApplicationError } from '../../../src/application/kernel/errors.ts';
import { register } from '../../support/events/user-fixtures.ts';
import { contextFrom, createSessionServices } from '../../support/sessions/session-services.ts';

const setUp = async ({ taken = false, registered = true } = {}) => {
  const services = createSessionServices();
  const { commands, eventStore } = services;
  if (registered) {
    const { append } = commands.begin(userAggregate, 'user_ann', register, contextFrom());
    await commands.append([append]);
  }
  const steps: string[] = [];
  const users = { findProfile: async () => undefined, isEmpty: async () => false };
  const changeProfile = createChangeProfile({
    ...services,
    identifiers: {
      claim: async (claimed) => {
        steps.push(`claim ${claimed.map(({ value }) => value)}`);
        if (taken) throw new ApplicationError('identifier_taken');
      },
      release: async (released) => void steps.push(`release ${released.map((i) => i.value)}`),
    },
    // What is read afterwards is the directory's business.
    readProfile: async (userId) => {
      steps.push(`read ${userId}`);
      return undefined as never;
    },
  });
  const changes = async () => {
    const { events } = await eventStore.readStream({ category: 'user', id: 'user_ann' });
    return events.slice(1).map(({ event: { type } }) => type);
  };
  return {
    steps,
    changes,
    readProfile: createReadProfile({ users }),
    change: (input: { displayName?: string; username?: string }) =>
      changeProfile('user_ann', input, contextFrom()),
  };
};

describe('when a profile is changed', () => {
  it('claims the new username, changes both names and reads the profile anew', async () => {
    const { change, changes, steps } = await setUp();
    await change({ username: ' Anna ', displayName: 'Anna' });
    expect(steps).toStrictEqual(['claim anna', 'read user_ann']);
    expect(await changes()).toStrictEqual(['UsernameChanged', 'DisplayNameChanged']);
  });

  it('stores nothing that is so already', async () => {
    const { change, changes } = await setUp();
    await change({ username: 'ann', displayName: 'Ann' });
    await change({});
    expect(await changes()).toStrictEqual([]);
  });

  it.each([
    ['display_name_invalid', { username: 'anna', displayName: '' }],
    ['username_invalid', { username: 'a', displayName: 'Anna' }],
  ])('changes neither name when one is malformed: %s', async (code, input) => {
    const { change, changes, steps } = await setUp();
    await expect(change(input)).rejects.toMatchObject({ code });
    expect([steps, await changes()]).toStrictEqual([[], []]);
  });

  it('changes neither name when the username is taken, and gives nothing back', async () => {
    const { change, changes, steps } = await setUp({ taken: true });
    await expect(change({ username: 'ben', displayName: 'Ben' })).rejects.toMatchObject({
      code: 'identifier_taken',
    });
    expect([steps, await changes()]).toStrictEqual([['claim ben'], []]);
  });

  it('gives back the username it could not use', async () => {
    const { change, steps } = await setUp({ registered: false });
    await expect(change({ username: 'anna' })).rejects.toMatchObject({ code: 'user_not_found' });
    expect(steps).toStrictEqual(['claim anna', 'release anna']);
  });
});

describe('when a profile is read', () => {
  it('refuses for a user who is not there', async () => {
    const { readProfile } = await setUp();
    await expect(readProfile('user_ann')).rejects.toStrictEqual(
      new ApplicationError('user_not_found'),
    );
  });
});
