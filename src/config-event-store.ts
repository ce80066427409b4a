import type { Reader } from './config-reader.ts';

/** One host or several, credentials before them, options behind them: no URL as others are. */
const ADDRESS =
  /^(?:esdb|kurrentdb)(\+discover)?:\/\/(?:([^\s:@/]+:[^\s@/]+)@)?([^\s@/?,]+(?:,[^\s@/?,]+)*)\/?(?:\?(\S*))?$/;

/** Appends name their user on every call, and without TLS nobody is asked for one. */
const parseAddress = (value: string): string | undefined => {
  const [, discover = '', credentials, hosts, options = ''] = ADDRESS.exec(value) ?? [];
  if (hosts === undefined) return undefined;
  const plain = new URLSearchParams(options).get('tls') === 'false';
  if (credentials === undefined && !plain) return undefined;
  const user = credentials === undefined ? '' : `${credentials}@`;
  return `esdb${discover}://${user}${hosts}${options === '' ? '' : `?${options}`}`;
};

/** Streams are `<prefix><category>-<id>`; a dash in the prefix would end the category. */
const PREFIX = /^[A-Za-z][A-Za-z0-9_.]{0,39}$/;

/** Where the event log lives, if not in the database. */
export const readEventStoreDb = ({ parsed }: Reader) => {
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
  return url === undefined ? undefined : { url, prefix };
};
