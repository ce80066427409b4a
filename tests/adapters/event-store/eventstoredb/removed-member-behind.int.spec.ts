import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { householdAggregate } from '../../../../src/application/kernel/aggregate.ts';
import { tokens } from '../../../../src/composition/system-tokens.ts';
import { openSharedLog, type SharedLog } from '../../../support/event-log/shared-log.ts';
import {
  type SharedHousehold,
  shareHousehold,
} from '../../../support/households/shared-household.ts';
import { visitor } from '../../../support/servers/composed-system.ts';
import { expectProblem } from '../../../support/servers/http-client.ts';

let log: SharedLog;
let flat: SharedHousehold;
beforeEach(async () => {
  log = await openSharedLog();
  flat = await shareHousehold(await log.serve());
  const { get } = await log.openCrashing();
  const data = {
    by: flat.owner.user.id,
    userId: flat.member.user.id,
    now: get(tokens.clock).now(),
  };
  const removing = get(tokens.commands).execute(
    householdAggregate,
    flat.id,
    { type: 'RemoveMember', data },
    visitor,
  );
  await expect(removing).rejects.toMatchObject({ code: 'service_unavailable' });
});
afterEach(() => log?.close());

describe('a removed member whom the tables still show', () => {
  it('gets no access token for the household', async () => {
    const { homes, member, id } = flat;
    expectProblem(await homes.switchTo(member.accessToken, id), 'household_not_found');
  });

  it('gets no access token by a refresh either', async () => {
    const { homes, member, id } = flat;
    const answer = await homes.switchTo(member.accessToken, id, member.refreshToken);
    expectProblem(answer, 'household_not_found');
  });
});
