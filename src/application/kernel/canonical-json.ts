type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** Writes a value as canonical JSON: members sorted by name, no white space (RFC 8785). */
export const canonicalJson = (value: unknown): string => write(value as Json);

const write = (value: Json): string => {
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(write).join(',')}]`;
  const members = Object.entries(value as { readonly [key: string]: Json })
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, member]) => `${JSON.stringify(key)}:${write(member)}`);
  return `{${members.join(',')}}`;
};
