/** The session in what `register`, `signIn`, `signInWithGoogle` and `acceptInvitation` answer. */
import { PaperwrightError } from './errors.js';

type SignInResult =
  | { __typename: 'SignedIn' }
  | { __typename: 'MfaRequired'; challengeToken: string; expiresAt: string };

/**
 * For those who expect no second factor: a new account has none, a program should use an API key. Throws MFA_REQUIRED, with
 * `details.challengeToken` for `verifyMfa`, when the account asks for one.
 */
export function signedIn<R extends SignInResult>(result: R): Extract<R, { __typename: 'SignedIn' }> {
  if (result.__typename === 'SignedIn') return result as Extract<R, { __typename: 'SignedIn' }>;
  const { challengeToken, expiresAt } = result as Extract<SignInResult, { __typename: 'MfaRequired' }>;
  throw new PaperwrightError('MFA_REQUIRED', 'This account asks for a second factor.', {
    hint: 'Call `verifyMfa` with a code of the authenticator app, or a recovery code.',
    details: { challengeToken, expiresAt },
  });
}
