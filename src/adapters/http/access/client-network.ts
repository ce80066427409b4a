import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';

/** All clients without an address count as one. */
const UNKNOWN = 'unknown';

/**
 * The network of one subscriber: an IPv4 address, or the /64 of an IPv6 one (RFC 6177), in
 * canonical form (RFC 5952). `ip` is undefined once the client has disconnected.
 */
export const clientNetwork = (ip: string | undefined): string => {
  const [address = ''] = ip?.split('%') ?? [];
  if (isIP(address) === 0) return UNKNOWN;
  const parsed = ipaddr.process(address);
  if (parsed.kind() === 'ipv4') return parsed.toString();
  return `${ipaddr.IPv6.networkAddressFromCIDR(`${address}/64`).toRFC5952String()}/64`;
};
