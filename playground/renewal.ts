/**
 * Keeps the page signed in past the end of an access token. The refresh token is in a cookie that no script can read, this
 * one neither; the cookie is the browser's, so another tab may have signed in as somebody else since: then this tab's
 * session has ended.
 */
import type { PlaygroundSession } from './session.js';

/** Asks the server for a cookie with each session that is opened, and is asked for when the cookie is used. */
export const REFRESH_COOKIE_HEADER = { 'x-refresh-cookie': '1' };

export const RENEWAL_QUERY = 'mutation RenewSession { refreshSession { accessToken } }';
const EARLIER_MS = 60_000;

interface TokenFacts {
  /** Person and tenant. */
  who: string;
  endsAt: number; // ms of Unix time
}

/** Undefined for what is no access token, such as an API key. */
export function readAccessToken(token: string): TokenFacts | undefined {
  try {
    const part = (token.split('.')[1] ?? '').replaceAll('-', '+').replaceAll('_', '/');
    const { sub, tenant_id, exp } = JSON.parse(atob(part)) as { sub?: unknown; tenant_id?: unknown; exp?: unknown };
    return typeof exp === 'number' ? { who: `${sub} in ${tenant_id}`, endsAt: exp * 1000 } : undefined;
  } catch {
    return undefined;
  }
}

export interface Renewal {
  /** To be awaited before the token is used. */
  whenDue(): Promise<void>;
  /** True when the session goes on with a new token; false when it has ended, or the server was not reached. */
  now(): Promise<boolean>;
}

/** `send` posts a query and gives the answer, or throws. */
export function createRenewal(
  session: PlaygroundSession,
  send: (query: string) => Promise<unknown>,
  clock: () => number = Date.now,
): Renewal {
  let renewing: Promise<boolean> | undefined;

  async function renew(): Promise<boolean> {
    const before = session.read().signedIn;
    if (before === undefined) return false;
    let answer: unknown;
    try {
      answer = await send(RENEWAL_QUERY);
    } catch {
      return false; // not reached: the next request says so itself
    }
    const { data } = answer as { data?: { refreshSession?: { accessToken?: string } | null } | null };
    const accessToken = data?.refreshSession?.accessToken;
    if (session.read().signedIn !== before) return true; // somebody signed in meanwhile
    if (!accessToken || readAccessToken(accessToken)?.who !== readAccessToken(before.accessToken)?.who) {
      session.expire();
      return false;
    }
    session.renew(accessToken);
    return true;
  }

  const now = () => {
    renewing ??= renew().finally(() => {
      renewing = undefined;
    });
    return renewing;
  };
  return {
    now,
    async whenDue() {
      const { signedIn } = session.read();
      const facts = signedIn && readAccessToken(signedIn.accessToken);
      if (facts && clock() > facts.endsAt - EARLIER_MS) await now();
    },
  };
}
