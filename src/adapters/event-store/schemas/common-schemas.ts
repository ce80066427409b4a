import { type TProperties, Type } from 'typebox';

/** Stored data holds exactly its declared members. */
export const strictObject = <Properties extends TProperties>(properties: Properties) =>
  Type.Object(properties, { additionalProperties: false });

export const Instant = Type.String({
  pattern: '^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}\\.\\d{3}Z$',
});
export const Id = Type.String({ minLength: 1 });
export const Text = Type.String({ minLength: 1 });
export const NullableText = Type.Union([Text, Type.Null()]);
export const NullableId = Type.Union([Id, Type.Null()]);
export const Ordinal = Type.Integer({ minimum: 0 });

export const Sha256 = Type.String({ pattern: '^[0-9a-f]{64}$' });

/** A one-time token as the log knows it. */
export const IssuedToken = strictObject({
  id: Sha256,
  keyId: Type.Integer({ minimum: 0, maximum: 255 }),
  tokenHash: Sha256,
  expiresAt: Instant,
});

/** A closed set of texts. */
export const oneOf = <const Values extends string[]>(...values: Values) =>
  Type.Enum<Values>([...values]);
