import { expect, test } from 'vitest';
import { claimsOf, networkOf } from './subjects.js';

test.each([
  ['192.0.2.7', '192.0.2.7'],
  ['::ffff:192.0.2.7', '192.0.2.7'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
  ['2001:DB8:1:2::9', '2001:db8:1:2::/64'],
  ['2001:db8::1', '2001:db8:0:0::/64'],
  ['::1', '0:0:0:0::/64'],
  ['fe80::1%eth0', 'fe80:0:0:0::/64'],
  ['', ''],
])('%s is counted as %s', (ip, network) => {
  expect(networkOf(ip)).toBe(network);
});

test('a caller spends from the budgets of its address, person and key; an unlimited one is left out', () => {
  const quotas = { requests: { address: 5, user: 0, key: 7 }, cost: { address: 0, user: 0, key: 0 } };
  const actor = { userId: 'u', credentialId: 'c' };
  expect(claimsOf(quotas, 'requests', { actor, ip: '192.0.2.7' }).map(({ bucket, quota }) => [bucket, quota])).toEqual([
    ['address requests 192.0.2.7', 5],
    ['key requests c', 7],
  ]);
  expect(claimsOf(quotas, 'requests', { actor: null, ip: '192.0.2.7' })).toHaveLength(1);
  expect(claimsOf(quotas, 'cost', { actor, ip: '192.0.2.7' })).toEqual([]);
});
