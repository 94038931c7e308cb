/**
 * Which IP addresses belong to the public internet. Everything that is set aside for a machine itself, its network, its
 * provider, groups or documentation is not, nor is any IPv6 form that carries an IPv4 address inside (mapped, NAT64, 6to4,
 * Teredo): what it leads to depends on the network.
 *
 * By the IANA special-purpose registries: https://www.iana.org/assignments/iana-ipv4-special-registry and
 * https://www.iana.org/assignments/iana-ipv6-special-registry.
 */
import { BlockList, isIPv4, isIPv6 } from 'node:net';

const IPV4_SET_ASIDE: readonly [string, number][] = [
  ['0.0.0.0', 8], // this network
  ['10.0.0.0', 8], // private
  ['100.64.0.0', 10], // shared behind carrier-grade NAT
  ['127.0.0.0', 8], // loopback
  ['168.63.129.16', 32], // the virtual public address of Azure's host: answers to machines there
  ['169.254.0.0', 16], // link-local; the clouds' metadata services
  ['172.16.0.0', 12], // private
  ['192.0.0.0', 24], // protocol assignments
  ['192.0.2.0', 24], // documentation
  ['192.88.99.0', 24], // 6to4 relays
  ['192.168.0.0', 16], // private
  ['198.18.0.0', 15], // benchmarks
  ['198.51.100.0', 24], // documentation
  ['203.0.113.0', 24], // documentation
  ['224.0.0.0', 4], // multicast
  ['240.0.0.0', 4], // reserved; broadcast
];

/** Inside the only block that is given out, 2000::/3. */
const IPV6_SET_ASIDE: readonly [string, number][] = [
  ['2001::', 23], // protocol assignments: Teredo, benchmarks, ORCHID
  ['2001:db8::', 32], // documentation
  ['2002::', 16], // 6to4
  ['3fff::', 20], // documentation
];

const setAside = new BlockList();
for (const [net, prefix] of IPV4_SET_ASIDE) setAside.addSubnet(net, prefix, 'ipv4');
for (const [net, prefix] of IPV6_SET_ASIDE) setAside.addSubnet(net, prefix, 'ipv6');
const givenOut = new BlockList();
givenOut.addSubnet('2000::', 3, 'ipv6');

/** `address` as a resolver or the URL parser writes it, without brackets. What is no address is not public. */
export function isPublicAddress(address: string): boolean {
  if (isIPv4(address)) return !setAside.check(address, 'ipv4');
  if (!isIPv6(address) || address.includes('%')) return false; // a zone names an interface of this machine
  return givenOut.check(address, 'ipv6') && !setAside.check(address, 'ipv6');
}
