import { type TSchema, Type } from '@fastify/type-provider-typebox';
import type { Field } from '../../../application/household-data/table-declaration.ts';

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it refuses
const ONE_LINE = /^(?=.*\S)[^\u0000-\u001f\u007f-\u009f\u2028\u2029]+$/u.source;
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it refuses
const LINES = /^[^\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]*$/u.source;
// biome-ignore lint/suspicious/noControlCharactersInRegex: PostgreSQL text cannot hold NUL
const ID = /^[^\u0000]+$/u.source;

const YEAR = '[12]\\d{3}';
const TIME = '([01]\\d|2[0-3]):[0-5]\\d:[0-5]\\d(\\.\\d{1,9})?(Z|[+-](0\\d|1[0-4]):[0-5]\\d)';

/** The id of a record. Any text is accepted; an unknown id is answered with 404. */
export const RecordId = (description: string) =>
  Type.String({ minLength: 1, maxLength: 200, pattern: ID, description });

const textSchema = ({ maxLength, pattern, multiline, description }: Field & { kind: 'text' }) =>
  Type.String({ maxLength, pattern: pattern ?? (multiline ? LINES : ONE_LINE), description });

/** The schema of a value that a client may send for a field or filter by; without null. */
export const inputSchema = (field: Field): TSchema => {
  const { description } = field;
  switch (field.kind) {
    case 'text':
      return textSchema(field);
    case 'oneOf':
      return Type.Enum([...field.values], { description });
    case 'integer':
      return Type.Integer({
        minimum: Number.MIN_SAFE_INTEGER,
        maximum: Number.MAX_SAFE_INTEGER,
        description,
      });
    case 'date':
      return Type.String({ format: 'date', pattern: `^${YEAR}-\\d{2}-\\d{2}$`, description });
    case 'instant':
      return Type.String({
        format: 'date-time',
        pattern: `^${YEAR}-\\d{2}-\\d{2}T${TIME}$`,
        description,
      });
    case 'boolean':
      return Type.Boolean({ description });
    case 'reference':
    case 'member':
      return RecordId(description);
  }
};

const jsonType = ({ kind }: Field): string => {
  switch (kind) {
    case 'integer':
      return 'integer';
    case 'boolean':
      return 'boolean';
    case 'text':
    case 'oneOf':
    case 'date':
    case 'instant':
    case 'reference':
    case 'member':
      return 'string';
  }
};

/**
 * The schema of a field in an answer: its type only, because an adopted table may hold values that
 * were never validated.
 */
export const outputSchema = (field: Field): TSchema => {
  const type = jsonType(field);
  const { description } = field;
  const filled = field.required === true || field.kind === 'boolean';
  return Type.Unsafe<unknown>({ type: filled ? type : [type, 'null'], description });
};
