import { ApplicationError } from '../kernel/errors.ts';
import type {
  AdministeredUser,
  UserAdministrationDirectory,
} from './user-administration-directory.ts';

type Dependencies = Readonly<{ users: UserAdministrationDirectory }>;

export type ReadUser = ReturnType<typeof createReadUser>;

/** Reads any account, for administrators. @throws ApplicationError `user_not_found` */
export const createReadUser =
  ({ users }: Dependencies) =>
  async (userId: string): Promise<AdministeredUser> => {
    const user = await users.findById(userId);
    if (user === undefined) throw new ApplicationError('user_not_found');
    return user;
  };
