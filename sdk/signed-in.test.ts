import { expect, it } from 'vitest';
import { signedIn } from './signed-in.js';

it('gives the session, or throws with the challenge where a second factor is asked for', () => {
  const session = { __typename: 'SignedIn' as const, accessToken: 'eyJ' };
  expect(signedIn(session)).toBe(session);
  const challenge = { __typename: 'MfaRequired' as const, challengeToken: 'pwc_x', expiresAt: '2026-11-21T12:00:00Z' };
  const { __typename, ...details } = challenge;
  expect(() => signedIn(challenge)).toThrow(expect.objectContaining({ code: 'MFA_REQUIRED', details }));
});
