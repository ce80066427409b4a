import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { tokens } from '../../../../src/composition/system-tokens.ts';
import { signUpAdmin } from '../../../support/administration/administrators.ts';
import { openSharedLog, type SharedLog } from '../../../support/event-log/shared-log.ts';
import { type ComposedSystem, visitor } from '../../../support/servers/composed-system.ts';
import type { SignedIn } from '../../../support/servers/http-client.ts';
import type { RunningApp } from '../../../support/servers/running-app.ts';

let log: SharedLog;
let app: RunningApp;
let crashing: ComposedSystem;
let ann: SignedIn;
let ben: SignedIn;
beforeEach(async () => {
  log = await openSharedLog();
  app = await log.serve();
  crashing = await log.openCrashing();
  ann = await signUpAdmin(app);
  ben = await signUpAdmin(app);
});
afterEach(() => log?.close());

const countAdmins = () =>
  app.sql('SELECT count(*)::integer AS count FROM users WHERE is_admin AND is_active');

describe('when the tables do not show yet that another administrator was removed', () => {
  it.each([
    {
      how: 'deactivated',
      leave: (system: ComposedSystem, id: string) => system.get(tokens.deactivateUser)(id, visitor),
    },
    {
      how: 'made a user',
      leave: (system: ComposedSystem, userId: string) =>
        system.get(tokens.changeRole)({ userId, role: 'user' }, visitor),
    },
  ])('the last administrator is kept: $how', async ({ leave }) => {
    await expect(leave(crashing, ann.user.id)).rejects.toMatchObject({
      code: 'service_unavailable',
    });
    await expect(leave(app, ben.user.id)).rejects.toMatchObject({ code: 'last_admin' });
    await app.get(tokens.accounts).findById(ann.user.id);
    expect(await countAdmins()).toStrictEqual([{ count: 1 }]);
  });
});
