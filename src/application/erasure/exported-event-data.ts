type Data = Readonly<Record<string, unknown>>;

/** What a token or a password could be made or recognised by: nobody's to read, its owner's neither. */
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

/** What an event says of a person, for that person: everything but secrets. */
export const exportedEventData = (data: object): Data => without(data) as Data;
