import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RevokedSessions, revokeSessions } from '../../support/sessions/revoked-sessions.ts';

describe('when every table but the log and the keys was dropped after revocations', () => {
  let revoked: RevokedSessions;

  beforeAll(async () => {
    revoked = await revokeSessions();
    await revoked.restart(async () => {
      expect(await revoked.latchkey('migrate', 'down', '--all')).toMatch(
        /^reverted 0011_log_checkpoints\nreverted 0010_audit\n/,
      );
    });
  });
  afterAll(() => revoked.close());

  it('the tables are rebuilt from the log, and revoked tokens are refused', async () => {
    expect(revoked.server().output()).toMatch(/rebuilding the projections from \d+ events/);
    await revoked.expectAllAsBefore();
  });
});
