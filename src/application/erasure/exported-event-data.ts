type Data = Readonly<Record<string, unknown>>;

/** Fields that identify a token or a password, or from which one can be derived. */
const SECRET = new Set([
  'addressHash',
  'agentHash',
  'checksum',
  'passwordHash',
  'refreshToken',
  'salt',
  'token',
  'tokenHash',
  'undo',
]);

const without = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(without);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, member]) =>
      SECRET.has(name) ? [] : [[name, without(member)]],
    ),
  );
};

/** Removes secrets from an event's data for the user's export. */
export const exportedEventData = (data: object): Data => without(data) as Data;
