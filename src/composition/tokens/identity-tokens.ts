import type { AcceptPassword } from '../../application/identity/accept-password.ts';
import type { AccountDirectory } from '../../application/identity/account-directory.ts';
import type { AddressHasher } from '../../application/identity/address-hasher.ts';
import type { ClaimRequestedIdentifiers } from '../../application/identity/claim-requested-identifiers.ts';
import type { IdentifierClaims } from '../../application/identity/identifier-claims.ts';
import type { IdentifierRegistry } from '../../application/identity/identifier-registry.ts';
import type { OneTimeTokenCodec } from '../../application/identity/one-time-token-codec.ts';
import type { OneTimeTokenDirectory } from '../../application/identity/one-time-token-directory.ts';
import type { OneTimeTokens } from '../../application/identity/one-time-tokens.ts';
import type { PasswordBlocklist } from '../../application/identity/password-blocklist.ts';
import type { PasswordHasher } from '../../application/identity/password-hasher.ts';
import type { PrepareAccount } from '../../application/identity/prepare-account.ts';
import type { UserDirectory } from '../../application/identity/user-directory.ts';
import { token } from './token.ts';

export const identityTokens = {
  accounts: token<AccountDirectory>('AccountDirectory'),
  users: token<UserDirectory>('UserDirectory'),
  identifierClaims: token<IdentifierClaims>('IdentifierClaims'),
  identifiers: token<IdentifierRegistry>('IdentifierRegistry'),
  hashAddress: token<AddressHasher>('AddressHasher'),
  passwords: token<PasswordHasher>('PasswordHasher'),
  passwordBlocklist: token<PasswordBlocklist>('PasswordBlocklist'),
  oneTimeTokenCodec: token<OneTimeTokenCodec>('OneTimeTokenCodec'),
  oneTimeTokenDirectory: token<OneTimeTokenDirectory>('OneTimeTokenDirectory'),
  acceptPassword: token<AcceptPassword>('AcceptPassword'),
  oneTimeTokens: token<OneTimeTokens>('OneTimeTokens'),
  claimRequestedIdentifiers: token<ClaimRequestedIdentifiers>('ClaimRequestedIdentifiers'),
  prepareAccount: token<PrepareAccount>('PrepareAccount'),
} as const;
