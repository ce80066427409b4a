import type { AcceptPassword } from '../identity/accept-password.ts';
import type { PasswordHasher } from '../identity/password-hasher.ts';
import type { Clock } from '../kernel/clock.ts';
import type { RequestContext } from '../kernel/request-context.ts';
import type { EndSessionsAlongWith } from '../sessions/end-sessions-along-with.ts';
import type { StepUp, StepUpInput } from './step-up.ts';

type Dependencies = Readonly<{
  acceptPassword: AcceptPassword;
  stepUp: StepUp;
  passwords: PasswordHasher;
  endSessionsAlongWith: EndSessionsAlongWith;
  clock: Clock;
}>;

type Input = StepUpInput & Readonly<{ newPassword: string }>;

export type ChangePassword = ReturnType<typeof createChangePassword>;

/**
 * Changes the user's password and ends every other session of the user.
 * @throws as `StepUp` and `AcceptPassword`; DomainError `credentials_changed`, `user_deactivated`
 */
export const createChangePassword =
  ({ acceptPassword, stepUp, passwords, endSessionsAlongWith, clock }: Dependencies) =>
  async ({ newPassword, ...caller }: Input, context: RequestContext): Promise<void> => {
    acceptPassword(newPassword);
    const { passwordHash: checkedHash } = await stepUp(caller, context);
    const passwordHash = await passwords.hash(newPassword);
    const data = { checkedHash, passwordHash, now: clock.now() };
    await endSessionsAlongWith(
      {
        userId: caller.userId,
        command: { type: 'ChangePassword', data },
        reason: 'password_changed',
        except: caller.sessionId,
      },
      context,
    );
  };
