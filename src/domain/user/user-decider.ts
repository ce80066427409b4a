import type { Decider } from '../decider.ts';
import { DomainError } from '../domain-error.ts';
import {
  changeDisplayName,
  changeLocale,
  changeRole,
  changeTier,
  changeUsername,
  deactivate,
  erase,
  reactivate,
  rehashPassword,
  unlock,
} from './account-status-decisions.ts';
import {
  confirmEmail,
  confirmEmailChange,
  requestEmailChange,
  requestEmailVerification,
} from './email-decisions.ts';
import { restoreEmail, undoEmailChange, voidPassword } from './email-undo-decisions.ts';
import { requestGuestUpgrade, upgradeGuest } from './guest-decisions.ts';
import { recordFailure } from './lockout-decisions.ts';
import { changePassword, requestPasswordReset, resetPassword } from './password-decisions.ts';
import type { ImportUser, RegisterUser, UserCommand } from './user-commands.ts';
import type { UserEvent } from './user-events.ts';
import { accountIn, evolveUser, type UserAccount, type UserState } from './user-state.ts';

type FirstCommand = RegisterUser | ImportUser;
type AccountCommand = Exclude<UserCommand, FirstCommand>;
type Decide<Command extends AccountCommand> = (
  data: Command['data'],
  user: UserAccount,
) => readonly UserEvent[];

const decisions: { [Command in AccountCommand as Command['type']]: Decide<Command> } = {
  RequestEmailVerification: requestEmailVerification,
  ConfirmEmail: confirmEmail,
  RequestEmailChange: requestEmailChange,
  ConfirmEmailChange: confirmEmailChange,
  UndoEmailChange: undoEmailChange,
  RestoreEmail: restoreEmail,
  VoidPassword: voidPassword,
  RequestPasswordReset: requestPasswordReset,
  ResetPassword: resetPassword,
  ChangePassword: changePassword,
  RehashPassword: rehashPassword,
  RecordSignInFailure: recordFailure,
  RequestGuestUpgrade: requestGuestUpgrade,
  UpgradeGuest: upgradeGuest,
  ChangeDisplayName: changeDisplayName,
  ChangeUsername: changeUsername,
  ChangeLocale: changeLocale,
  ChangeRole: changeRole,
  ChangeTier: changeTier,
  UnlockUser: unlock,
  DeactivateUser: deactivate,
  ReactivateUser: reactivate,
  EraseUser: erase,
};

const decideOnAccount = <Command extends AccountCommand>(command: Command, user: UserAccount) => {
  // The table is keyed by type, which the compiler cannot follow through an index.
  const decide = decisions[command.type] as Decide<Command>;
  return decide(command.data, user);
};

const begin = (command: FirstCommand): readonly UserEvent[] => {
  if (command.type === 'ImportUser') {
    const { now: importedAt, ...account } = command.data;
    return [{ type: 'UserImported', data: { ...account, importedAt } }];
  }
  const { now, verification, ...account } = command.data;
  const registered: UserEvent = { type: 'UserRegistered', data: { ...account, registeredAt: now } };
  const { email } = account;
  if (verification === null || email === null) return [registered];
  return verification === 'verified'
    ? [registered, { type: 'EmailVerified', data: { email, verifiedAt: now } }]
    : [
        registered,
        {
          type: 'EmailVerificationRequested',
          data: { email, token: verification, requestedAt: now },
        },
      ];
};

/**
 * The user aggregate.
 * @throws DomainError `user_exists`, `user_not_found`, and as its decisions do
 */
export const userDecider: Decider<UserCommand, UserEvent, UserState> = {
  initialState: { status: 'unregistered' },
  decide: (command, state) => {
    if (command.type === 'RegisterUser' || command.type === 'ImportUser') {
      if (state.status !== 'unregistered') throw new DomainError('user_exists');
      return begin(command);
    }
    const account = accountIn(state);
    if (account !== undefined) return decideOnAccount(command, account);
    if (command.type === 'EraseUser' && state.status === 'erased') return [];
    throw new DomainError('user_not_found');
  },
  evolve: evolveUser,
};
