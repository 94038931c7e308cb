/**
 * The refresh token of a browser: in a cookie that its scripts cannot read, for a page that asks for it with the header
 * `X-Refresh-Cookie: 1`. That header is also what makes a request with the cookie believable: another site cannot send it
 * without being asked first (CORS preflight), and Origin is checked besides. Over WebSockets there is no cookie.
 *
 * Secure, it is named `__Host-…`, so that no other host of the domain and no plain HTTP can have set it (RFC 6265bis, 4.1.3).
 */
import { AppError } from '../../platform/errors.js';

export const REFRESH_COOKIE_HEADER = 'x-refresh-cookie';

export interface RefreshCookieSettings {
  name: string;
  secure: boolean;
  sameSite: 'Strict' | 'Lax' | 'None';
}

/** One request's. */
export interface RefreshCookie {
  /** The page asks that a refresh token is put there, not into the answer. */
  readonly wanted: boolean;
  /** The token in it; undefined when there is none. Throws FORBIDDEN when the request may be another site's doing. */
  read(): string | undefined;
  write(token: string, expiresAt: Date): void;
  /** Takes it from the browser, if it sent one. */
  clear(): void;
}

declare module '../../platform/graphql/api-context.js' {
  interface ApiContext {
    /** Null where no cookie can be set: over WebSockets. */
    refreshCookie: RefreshCookie | null;
  }
}

export interface CookieExchange {
  /** Of the request; names in lower case. */
  headers: Readonly<Record<string, string | string[] | undefined>>;
  /** Whether the request's Origin is this server's own or on the list; a request without one is not. */
  fromOwnOrigin: boolean;
  setCookie: (value: string) => void;
  clock: () => Date;
}

export function refreshCookieOf(settings: RefreshCookieSettings, exchange: CookieExchange): RefreshCookie {
  const { headers, fromOwnOrigin, setCookie, clock } = exchange;
  const wanted = headers[REFRESH_COOKIE_HEADER] === '1';
  const attributes = `Path=/; HttpOnly; SameSite=${settings.sameSite}${settings.secure ? '; Secure' : ''}`;
  return {
    wanted,
    read() {
      const token = cookieOf(headers.cookie, settings.name);
      if (token !== undefined && !(wanted && fromOwnOrigin)) throw notBelieved();
      return token;
    },
    write(token, expiresAt) {
      const seconds = Math.max(0, Math.floor((expiresAt.getTime() - clock().getTime()) / 1000));
      setCookie(`${settings.name}=${token}; Max-Age=${seconds}; ${attributes}`);
    },
    clear() {
      if (cookieOf(headers.cookie, settings.name) !== undefined)
        setCookie(`${settings.name}=; Max-Age=0; ${attributes}`);
    },
  };
}

function cookieOf(header: string | string[] | undefined, name: string): string | undefined {
  const pairs = [header ?? []].flat().flatMap((line) => line.split(';'));
  const found = pairs.map((pair) => pair.trim()).find((pair) => pair.startsWith(`${name}=`));
  return found?.slice(name.length + 1) || undefined;
}

const notBelieved = () =>
  new AppError('FORBIDDEN', 'The refresh cookie is taken only from a page of this origin that asks for it.', {
    hint: 'Send `X-Refresh-Cookie: 1` from a page of this origin or of ALLOWED_ORIGINS, or the token as `refreshToken`.',
  });
