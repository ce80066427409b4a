import { parseDisplayName } from '../../domain/user/display-name.ts';
import { parseLocale } from '../../domain/user/locale.ts';
import type { SignInIdentifier } from '../../domain/user/sign-in-identifier.ts';
import { parseUsername } from '../../domain/user/username.ts';
import type { IdentifierRegistry } from '../identity/identifier-registry.ts';
import type { UserProfile } from '../identity/user-directory.ts';
import { userAggregate } from '../kernel/aggregate.ts';
import type { Clock } from '../kernel/clock.ts';
import type { CommandHandler } from '../kernel/command-handler.ts';
import type { RequestContext } from '../kernel/request-context.ts';
import type { ReadProfile } from './read-profile.ts';

type Dependencies = Readonly<{
  commands: CommandHandler;
  identifiers: IdentifierRegistry;
  readProfile: ReadProfile;
  clock: Clock;
}>;

type Input = Readonly<{
  displayName?: string | undefined;
  username?: string | undefined;
  locale?: string | undefined;
}>;

export type ChangeProfile = ReturnType<typeof createChangeProfile>;

/**
 * Changes the given parts of a profile and returns the whole.
 * @throws DomainError `display_name_invalid`, `username_invalid`, `locale_invalid`;
 * ApplicationError `identifier_taken`, `user_not_found`
 */
export const createChangeProfile = ({
  commands,
  identifiers,
  readProfile,
  clock,
}: Dependencies) => {
  const changeUsername = async (userId: string, username: string, context: RequestContext) => {
    const claimed: SignInIdentifier[] = [{ kind: 'username', value: username }];
    await identifiers.claim(claimed, userId);
    try {
      const data = { username, now: clock.now() };
      await commands.execute(userAggregate, userId, { type: 'ChangeUsername', data }, context);
    } catch (error) {
      await identifiers.release(claimed, userId).catch(() => undefined);
      throw error;
    }
  };

  return async (userId: string, input: Input, context: RequestContext): Promise<UserProfile> => {
    // All values are checked before any is changed.
    const displayName =
      input.displayName === undefined ? undefined : parseDisplayName(input.displayName);
    const username = input.username === undefined ? undefined : parseUsername(input.username);
    const locale = input.locale === undefined ? undefined : parseLocale(input.locale);
    if (username !== undefined) await changeUsername(userId, username, context);
    if (displayName !== undefined) {
      const data = { displayName, now: clock.now() };
      await commands.execute(userAggregate, userId, { type: 'ChangeDisplayName', data }, context);
    }
    if (locale !== undefined) {
      const data = { locale, now: clock.now() };
      await commands.execute(userAggregate, userId, { type: 'ChangeLocale', data }, context);
    }
    return readProfile(userId);
  };
};
