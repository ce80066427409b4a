import { type TProperties, Type } from 'typebox';

/** An object schema that allows no undeclared members. */
export const strictObject = <Properties extends TProperties>(properties: Properties) =>
  Type.Object(properties, { additionalProperties: false });

/** ISO 8601 in UTC, with milliseconds. */
export const Instant = Type.String({
  pattern: '^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}\\.\\d{3}Z$',
});
/** A non-empty id. */
export const Id = Type.String({ minLength: 1 });
/** A non-empty text. */
export const Text = Type.String({ minLength: 1 });
/** A non-empty text, or null. */
export const NullableText = Type.Union([Text, Type.Null()]);
/** A non-empty id, or null. */
export const NullableId = Type.Union([Id, Type.Null()]);
/** A number that counts from 0. */
export const Ordinal = Type.Integer({ minimum: 0 });

/** SHA-256 in lower-case hex. */
export const Sha256 = Type.String({ pattern: '^[0-9a-f]{64}$' });

/** A one-time token as the log stores it: its hash, never its text. */
export const IssuedToken = strictObject({
  id: Sha256,
  keyId: Type.Integer({ minimum: 0, maximum: 255 }),
  tokenHash: Sha256,
  expiresAt: Instant,
});

/** One of the given texts. */
export const oneOf = <const Values extends string[]>(...values: Values) =>
  Type.Enum<Values>([...values]);
