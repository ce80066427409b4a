import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { clientNetwork } from '../../../../src/adapters/http/access/client-network.ts';

describe('an IPv4 address', () => {
  it('is its own network', () => {
    fc.assert(
      fc.property(fc.ipV4(), (ip) => {
        expect(clientNetwork(ip)).toBe(ip);
      }),
    );
  });

  it.each([
    '::ffff:203.0.113.9',
    '::FFFF:203.0.113.9',
    '::ffff:cb00:7109',
    '::FFFF:CB00:7109',
    '0:0:0:0:0:ffff:cb00:7109',
    '0000:0000:0000:0000:0000:ffff:cb00:7109',
    '0:0:0:0:0:ffff:203.0.113.9',
    '::ffff:203.0.113.9%eth0',
  ])('is the same network when mapped into IPv6: %s', (ip) => {
    expect(clientNetwork(ip)).toBe('203.0.113.9');
  });
});

describe('an IPv6 address', () => {
  it.each([
    '2001:db8:1:2::',
    '2001:db8:1:2::1',
    '2001:DB8:1:2::1',
    '2001:0db8:0001:0002:0000:0000:0000:0001',
    '2001:db8:1:2:0:0:0:1',
    '2001:db8:1:2:ffff:ffff:ffff:ffff',
    '2001:db8:1:2:0:0:192.0.2.1',
    '2001:db8:1:2::1%eth0',
    '2001:db8:1:2::1%eth-0.1',
  ])('counts as its /64: %s', (ip) => {
    expect(clientNetwork(ip)).toBe('2001:db8:1:2::/64');
  });

  it.each([
    ['::1', '::/64'],
    ['fe80::1%lo', 'fe80::/64'],
    ['2001:db8:0:1::1', '2001:db8:0:1::/64'],
    ['2001:db8:1:3::1', '2001:db8:1:3::/64'],
  ])('has one canonical network: %s', (ip, network) => {
    expect(clientNetwork(ip)).toBe(network);
  });

  it('is in the same network with any last 64 bits', () => {
    const groups = fc.array(
      fc.nat({ max: 0xffff }).map((group) => group.toString(16)),
      { minLength: 4, maxLength: 4 },
    );
    fc.assert(
      fc.property(groups, groups, groups, (network, first, second) => {
        fc.pre(network.some((group) => group !== '0'));
        const one = clientNetwork([...network, ...first].join(':'));
        expect(clientNetwork([...network, ...second].join(':'))).toBe(one);
        expect(one).toMatch(/^[0-9a-f:]+\/64$/);
      }),
    );
  });

  it('is in another network when the first 64 bits differ', () => {
    fc.assert(
      fc.property(fc.nat({ max: 0xffff }), fc.nat({ max: 0xffff }), (one, other) => {
        const network = (group: number) => clientNetwork(`2001:db8:0:${group.toString(16)}::1`);
        expect(network(one) === network(other)).toBe(one === other);
      }),
    );
  });
});

describe('text that is not an address', () => {
  it.each([
    undefined,
    '',
    'unknown',
    '_hidden',
    'localhost',
    '127.1',
    '1',
    '0177.0.0.1',
    '256.0.0.1',
    '203.0.113.9:443',
    '[2001:db8::1]:443',
    '2001:db8::1/64',
    '2001:db8:::1',
    '%eth0',
    ' 203.0.113.9',
    '203.0.113.9\n',
  ])('counts as one client: %j', (ip) => {
    expect(clientNetwork(ip)).toBe('unknown');
  });

  it('never causes an error', () => {
    fc.assert(
      fc.property(fc.string(), (ip) => {
        expect(clientNetwork(ip)).toMatch(/^(unknown|[\d.]+|[0-9a-f:]+\/64)$/);
      }),
    );
  });
});
