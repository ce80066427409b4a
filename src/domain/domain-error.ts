/** The reason of a refusal. Stable, as clients switch on it; docs/catalogue.md lists every code. */
export type DomainErrorCode =
  | 'email_invalid'
  | 'username_invalid'
  | 'display_name_invalid'
  | 'household_name_invalid'
  | 'password_too_short'
  | 'password_too_long'
  | 'locale_invalid'
  | 'user_exists'
  | 'user_not_found'
  | 'token_invalid'
  | 'credentials_changed'
  | 'user_deactivated'
  | 'too_many_email_changes'
  | 'not_a_guest'
  | 'account_incomplete'
  | 'household_exists'
  | 'household_not_found'
  | 'household_role_insufficient'
  | 'household_full'
  | 'home_household_must_stay'
  | 'owner_must_stay'
  | 'member_not_found'
  | 'already_invited'
  | 'too_many_invitations'
  | 'invitation_not_found'
  | 'invitation_for_other_address'
  | 'session_exists'
  | 'session_not_found'
  | 'refresh_token_invalid'
  | 'refresh_token_reused'
  | 'too_many_access_tokens';

/** A command that a decider or a parser refuses; nothing is stored. */
export class DomainError extends Error {
  readonly code: DomainErrorCode;

  constructor(code: DomainErrorCode) {
    super(code);
    this.name = 'DomainError';
    this.code = code;
  }
}
