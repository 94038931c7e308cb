/** Whether a request may come from where its Origin says: this server itself, or a web origin on the operator's list. */
import type { IncomingHttpHeaders } from 'node:http';

/** False for a request without Origin: programs send none, browsers always do where it matters. */
export function isAllowedOrigin({ origin, host }: IncomingHttpHeaders, allowed: readonly string[]): boolean {
  if (origin === undefined) return false;
  if (allowed.includes(origin)) return true;
  return URL.canParse(origin) && new URL(origin).host === host;
}
