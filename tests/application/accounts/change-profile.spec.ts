import { describe, expect, it } from 'vitest';
import { createChangeProfile } from '../../../src/application/accounts/change-profile.ts';
import { userAggregate } from '../../../src/application/kernel/aggregate.ts';
import { ApplicationError } from '../../../src/application/kernel/errors.ts';
import { START } from '../../support/events/token-family-fixtures.ts';
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
  const changeEvents = async () => {
    const { events } = await eventStore.readStream({ category: 'user', id: 'user_ann' });
    return events.slice(1).map(({ event }) => event);
  };
  const changes = async () => (await changeEvents()).map(({ type }) => type);
  return {
    steps,
    changes,
    changeEvents,
    change: (input: { displayName?: string; username?: string; locale?: string }) =>
      changeProfile('user_ann', input, contextFrom()),
  };
};

describe('changing a profile', () => {
  it('claims the new username, changes both names and reads the profile again', async () => {
    const { change, changes, steps } = await setUp();
    await change({ username: ' Anna ', displayName: 'Anna' });
    expect(steps).toStrictEqual(['claim anna', 'read user_ann']);
    expect(await changes()).toStrictEqual(['UsernameChanged', 'DisplayNameChanged']);
  });

  it('stores UsernameChanged, DisplayNameChanged and LocaleChanged', async () => {
    const { change, changeEvents } = await setUp();
    await change({ username: 'anna', displayName: ' Anna ', locale: 'de' });
    expect(await changeEvents()).toStrictEqual([
      { type: 'UsernameChanged', data: { username: 'anna', previous: 'ann', changedAt: START } },
      { type: 'DisplayNameChanged', data: { displayName: 'Anna', changedAt: START } },
      { type: 'LocaleChanged', data: { locale: 'de', changedAt: START } },
    ]);
  });

  it('stores nothing when the names are the present ones', async () => {
    const { change, changes } = await setUp();
    await change({ username: 'ann', displayName: 'Ann' });
    await change({});
    expect(await changes()).toStrictEqual([]);
  });

  it.each([
    ['display_name_invalid', { username: 'anna', displayName: '' }],
    ['username_invalid', { username: 'a', displayName: 'Anna' }],
    ['locale_invalid', { username: 'anna', displayName: 'Anna', locale: 'a language' }],
  ])('changes nothing when one of the inputs is malformed: %s', async (code, input) => {
    const { change, changes, steps } = await setUp();
    await expect(change(input)).rejects.toMatchObject({ code });
    expect([steps, await changes()]).toStrictEqual([[], []]);
  });

  it('changes neither name when the username is taken, and releases nothing', async () => {
    const { change, changes, steps } = await setUp({ taken: true });
    await expect(change({ username: 'ben', displayName: 'Ben' })).rejects.toMatchObject({
      code: 'identifier_taken',
    });
    expect([steps, await changes()]).toStrictEqual([['claim ben'], []]);
  });

  it('releases the claimed username when there is no such user', async () => {
    const { change, steps } = await setUp({ registered: false });
    await expect(change({ username: 'anna' })).rejects.toMatchObject({ code: 'user_not_found' });
    expect(steps).toStrictEqual(['claim anna', 'release anna']);
  });
});
