import type { DomainErrorCode } from '../../domain/domain-error.ts';
import type { WantedKey } from './import-directory.ts';
import type { UnreadableLine } from './import-source.ts';

/** The reason why a line is no account. Stable; docs/importing-users.md lists every code. */
export type InvalidLineCode =
  | UnreadableLine
  | 'not_json'
  | 'not_an_object'
  | 'unknown_member'
  | 'wrong_type'
  | 'malformed_text'
  | 'identifier_missing'
  | 'id_invalid'
  | 'role_invalid'
  | 'tier_invalid'
  | 'created_at_invalid'
  | 'password_hash_unreadable'
  | 'user_erased'
  | 'line_changed';

/**
 * The reason why a line is not imported; contains no value of the line. `otherLine` and `userId`:
 * the line or the account that has the conflicting key.
 */
export type ImportProblem = Readonly<
  { line: number } & (
    | { code: InvalidLineCode | DomainErrorCode; member?: string }
    | { code: 'conflict'; kind: WantedKey['kind']; otherLine: number }
    | { code: 'conflict'; kind: WantedKey['kind']; userId: string }
  )
>;

/** A line is refused for its content. */
export class InvalidLine extends Error {
  readonly code: InvalidLineCode;
  readonly member: string | undefined;

  constructor(code: InvalidLineCode, member?: string) {
    super(code);
    this.name = 'InvalidLine';
    this.code = code;
    this.member = member;
  }
}
