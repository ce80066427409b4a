import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';

/** Whatever is no address: all of it counts as one client. */
const UNKNOWN = 'unknown';

/**
 * What one subscriber is handed: an IPv4 address, or the /64 of an IPv6 one (RFC 6177), in canonical
 * form (RFC 5952). `ip` is undefined once the client has hung up.
 */
export const clientNetwork = (ip: string | undefined): string => {
  const [address = ''] = ip?.split('%') ?? [];
  if (isIP(address) === 0) return UNKNOWN;
  const parsed = ipaddr.process(address);
  if (parsed.kind() === 'ipv4') return parsed.toString();
  return `${ipaddr.IPv6.networkAddressFromCIDR(`${address}/64`).toRFC5952String()}/64`;
};
