/**
 * An access token that is always good: for `createPaperwright({ token })`. It is renewed shortly before it ends, and when the
 * server has refused it. Many who ask at once wait for one renewal. Fails with UNAUTHENTICATED when the session has ended:
 * then a person has to sign in again.
 */
import { createPaperwright } from './client.js';
import { PaperwrightError } from './errors.js';

/** What `register`, `signIn` and `refreshSession` answer, or what `onRenewed` was given. */
export interface SessionTokens {
  accessToken: string;
  expiresAt: string; // of the access token
  refreshToken?: string | null | undefined;
}

export interface RenewingTokenOptions {
  /** Where the API is, such as http://localhost:4000. */
  url: string;
  session: SessionTokens;
  /** The refresh token is in a cookie: `session` was opened by a client with the same option. */
  refreshCookie?: boolean;
  /** To keep the tokens for later, or for another process: each refresh token is good for one renewal. */
  onRenewed?: (session: SessionTokens) => void | Promise<void>;
}

const EARLIER_MS = 60_000; // a minute before the end, or a quarter of a shorter life

export function renewingToken(options: RenewingTokenOptions): (refused?: string) => Promise<string> {
  const { url, refreshCookie = false } = options;
  const renewer = createPaperwright({ url, refreshCookie });
  let session = options.session;
  let renewAt = renewalOf(session);
  let renewing: Promise<void> | undefined;

  async function renew(): Promise<void> {
    const refreshToken = refreshCookie ? null : session.refreshToken;
    if (!refreshToken && !refreshCookie) throw ended();
    const { refreshSession } = await renewer.refreshSession({ refreshToken });
    session = refreshSession;
    // a token that is over as it comes: this clock is wrong, and the server will say when it is time
    renewAt = Date.parse(session.expiresAt) > Date.now() ? renewalOf(session) : Number.POSITIVE_INFINITY;
    await options.onRenewed?.(session);
  }

  return async (refused) => {
    if (refused === session.accessToken || Date.now() >= renewAt) {
      renewing ??= renew().finally(() => {
        renewing = undefined;
      });
      await renewing.catch((error: unknown) => {
        const stillGood = refused !== session.accessToken && Date.now() < Date.parse(session.expiresAt);
        if (!(stillGood && error instanceof PaperwrightError && error.retryable)) throw error;
      });
    }
    return session.accessToken;
  };
}

function renewalOf({ expiresAt }: SessionTokens): number {
  const left = Date.parse(expiresAt) - Date.now();
  return Date.parse(expiresAt) - Math.min(EARLIER_MS, left / 4);
}

const ended = () =>
  new PaperwrightError('UNAUTHENTICATED', 'The access token has ended and there is no refresh token.', {
    hint: 'Sign in again.',
  });
