import { expect, test } from 'vitest';
import { claimsOf } from './subjects.js';

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
