import type { DomainErrorCode } from '../../domain/domain-error.ts';
import type { WantedKey } from './import-directory.ts';
import type { UnreadableLine } from './import-source.ts';

/** The reason why a line is no account. Codes are stable; docs/importing-users.md explains each. */
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
 * The problem that keeps a line from being imported: its place and kind, never a value of the line.
 * `otherLine`: the line that has the same; `userId`: the account that has it.
 */
export type ImportProblem = Readonly<
  { line: number } & (
    | { code: InvalidLineCode | DomainErrorCode; member?: string }
    | { code: 'conflict'; kind: WantedKey['kind']; otherLine: number }
    | { code: 'conflict'; kind: WantedKey['kind']; userId: string }
  )
>;

/** A line that is refused for what it holds. */
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
