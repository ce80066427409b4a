import type { Registration } from '../../adapters/http/routes/accounts/register-user-route.ts';
import type { ChangeProfile } from '../../application/accounts/change-profile.ts';
import type { CreateAccount } from '../../application/accounts/create-account.ts';
import type { ReadProfile } from '../../application/accounts/read-profile.ts';
import type { RegisterUser } from '../../application/accounts/register-user.ts';
import type { StartGuestSession } from '../../application/accounts/start-guest-session.ts';
import type { UpgradeGuest } from '../../application/accounts/upgrade-guest.ts';
import { token } from './token.ts';

export const accountsTokens = {
  createAccount: token<CreateAccount>('CreateAccount'),
  readProfile: token<ReadProfile>('ReadProfile'),
  registration: token<Registration>('Registration'),
  startGuestSession: token<StartGuestSession>('StartGuestSession'),
  upgradeGuest: token<UpgradeGuest>('UpgradeGuest'),
  changeProfile: token<ChangeProfile>('ChangeProfile'),
  registerUser: token<RegisterUser>('RegisterUser'),
} as const;
