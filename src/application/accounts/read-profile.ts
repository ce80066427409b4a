import type { UserDirectory, UserProfile } from '../identity/user-directory.ts';
import { ApplicationError } from '../kernel/errors.ts';

type Dependencies = Readonly<{ users: UserDirectory }>;

export type ReadProfile = ReturnType<typeof createReadProfile>;

/** Reads a user's own profile. @throws ApplicationError `user_not_found` */
export const createReadProfile =
  ({ users }: Dependencies) =>
  async (userId: string): Promise<UserProfile> => {
    const profile = await users.findProfile(userId);
    if (profile === undefined) throw new ApplicationError('user_not_found');
    return profile;
  };
