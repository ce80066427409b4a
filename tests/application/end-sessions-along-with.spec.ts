import { describe, expect, it } from 'vitest';
import { userAggregate } from '../../src/application/aggregate.ts';
import { createEndSessionsAlongWith } from '../../src/application/end-sessions-along-with.ts';
import { ann, contextFrom, createSessionServices } from '../support/session-services.ts';
import { at } from '../support/token-family-fixtures.ts';
import { register } from '../support/user-fixtures.ts';

describe('when somebody signs in between the look at the sessions and the append', () => {
  it('ends that session too: it may have looked at the user before the append', async () => {
    const services = createSessionServices();
    const { commands, sessions, open } = services;
    const { append } = commands.begin(userAggregate, ann.userId, register, contextFrom());
    await commands.append([append]);
    await open(ann);
    let looks = 0;
    const endSessionsAlongWith = createEndSessionsAlongWith({
      ...services,
      sessions: {
        ...sessions,
        unrevokedFamilyIds: async (userId) => {
          const found = await sessions.unrevokedFamilyIds(userId);
          looks += 1;
          if (looks === 1) await open(ann);
          return found;
        },
      },
    });

    const command = { type: 'DeactivateUser', data: { now: at(5) } } as const;
    await endSessionsAlongWith(
      { userId: ann.userId, command, reason: 'deactivated' },
      contextFrom(),
    );

    expect(await sessions.unrevokedFamilyIds(ann.userId)).toStrictEqual([]);
  });
});
