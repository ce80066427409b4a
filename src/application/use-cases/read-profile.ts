import { ApplicationError } from '../errors.ts';
import type { UserDirectory, UserProfile } from '../ports/user-directory.ts';

type Dependencies = Readonly<{ users: UserDirectory }>;

export type ReadProfile = ReturnType<typeof createReadProfile>;

/** @throws ApplicationError `user_not_found` */
export const createReadProfile =
  ({ users }: Dependencies) =>
  async (userId: string): Promise<UserProfile> => {
    const profile = await users.findProfile(userId);
    if (profile === undefined) throw new ApplicationError('user_not_found');
    return profile;
  };
