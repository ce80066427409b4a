type Data = Readonly<Record<string, unknown>>;

/**
 * Members that a token or a password could be made or recognised by: not even their owner gets
 * them.
 */
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

/** The data of an event for the person it is about: all but secrets. */
export const exportedEventData = (data: object): Data => without(data) as Data;
