import type { Reader } from './config-reader.ts';

/** Credentials, one or several hosts, options. `URL` cannot parse several hosts. */
const ADDRESS =
  /^(?:esdb|kurrentdb)(\+discover)?:\/\/(?:([^\s:@/]+:[^\s@/]+)@)?([^\s@/?,:]+(?::\d{1,5})?(?:,[^\s@/?,:]+(?::\d{1,5})?)*)\/?(?:\?(\S*))?$/;

const NUMBER = /^-?\d+$/;
const TEXT = /./;
/**
 * The options that are passed on. For any other, the client library prints the whole address with
 * its password; and `throwOnAppendFailure=false` would report a conflicting append as stored.
 */
const OPTIONS = new Map(
  Object.entries({
    tls: /^(true|false)$/,
    tlscafile: TEXT,
    usercertfile: TEXT,
    userkeyfile: TEXT,
    connectionname: TEXT,
    nodepreference: /^(leader|follower|random|read_only_replica)$/,
    maxdiscoverattempts: NUMBER,
    discoveryinterval: NUMBER,
    gossiptimeout: NUMBER,
    keepaliveinterval: NUMBER,
    keepalivetimeout: NUMBER,
    defaultdeadline: NUMBER,
  }),
);

const isDecodable = (text: string): boolean => {
  try {
    decodeURIComponent(text);
    return true;
  } catch {
    return false;
  }
};

/** Requires credentials unless TLS is off: only then the store needs none. */
const parseAddress = (value: string): string | undefined => {
  const [, discover = '', credentials, hosts, options = ''] = ADDRESS.exec(value) ?? [];
  if (hosts === undefined) return undefined;
  const given = [...new URLSearchParams(options)];
  if (!given.every(([key, value]) => OPTIONS.get(key.toLowerCase())?.test(value))) return undefined;
  if (![credentials, options].every((text = '') => isDecodable(text))) return undefined;
  const plain = given.some(([key, value]) => key === 'tls' && value === 'false');
  if (credentials === undefined && !plain) return undefined;
  const user = credentials === undefined ? '' : `${credentials}@`;
  return `esdb${discover}://${user}${hosts}${options === '' ? '' : `?${options}`}`;
};

/** Streams are `<prefix><category>-<id>`; a dash in the prefix would end the category. */
const PREFIX = /^[A-Za-z][A-Za-z0-9_.]{0,39}$/;

/** Reads the address of the event store; undefined where the log is in the database. */
export const readEventStoreDb = ({ parsed, text, mistakes }: Reader) => {
  const url = parsed<string | undefined>(
    'EVENTSTOREDB_URL',
    undefined,
    parseAddress,
    'an EventStoreDB address such as esdb+discover://user:password@cluster.example.org:2113; only with ?tls=false it needs no user',
  );
  const prefix = parsed(
    'LATCHKEY_EVENTSTOREDB_PREFIX',
    '',
    (value) => (PREFIX.test(value) ? value : undefined),
    'a letter and up to 39 letters, digits, dots or underscores',
  );
  if (prefix !== '' && text('EVENTSTOREDB_URL') === undefined) {
    mistakes.push('LATCHKEY_EVENTSTOREDB_PREFIX has no effect without EVENTSTOREDB_URL: set both.');
  }
  return url === undefined ? undefined : { url, prefix };
};
