import { expect, it } from 'vitest';
import { unreachable } from './fetch-failures.js';

it.each([
  ['DEPTH_ZERO_SELF_SIGNED_CERT', false],
  ['CERT_HAS_EXPIRED', false],
  ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', false],
  ['ERR_TLS_CERT_ALTNAME_INVALID', false],
  ['ECONNREFUSED', true],
  ['EAI_AGAIN', true],
  [undefined, true],
])('a connection that fails with %s is worth another try: %s', (code, retryable) => {
  expect(unreachable('example.org', Object.assign(new Error(), { code }))).toMatchObject({
    code: 'UNAVAILABLE',
    retryable,
  });
});
