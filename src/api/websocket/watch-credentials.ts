/**
 * Open sockets of credentials that no longer hold are closed with 4403, so that a revoked key, an ended session or a changed
 * role ends what was opened with it. A socket lives as long as the token it was opened with; then its client connects again
 * with the next. All sockets are asked about in one statement; when it fails, the next look decides.
 */
import { CloseCode } from 'graphql-ws';
import type { WebSocket } from 'ws';
import { liveCredentials } from '../../identity/sessions/authenticate.js';
import type { Services } from '../../platform/graphql/api-context.js';
import type { Caller } from '../graphql/operation-context.js';

const CHECK_MS = 1_500; // 1.5 seconds: a revoked credential's sockets are closed within 2
const EXPIRED = 'Your access token has expired. Refresh it, connect again, and go on from your last cursor.';

interface OpenSocket {
  socket: WebSocket;
  caller: Caller;
}

/** `openSockets`: those that were acknowledged, as they are now. `recheck` looks at once; `stop` ends the looking. */
export function watchCredentials(services: Services, openSockets: () => OpenSocket[], checkMs = CHECK_MS) {
  const recheck = () =>
    void closeRevoked(services, openSockets).catch((error: unknown) =>
      services.log.warn({ err: error }, 'credential check'),
    );
  const checking = setInterval(() => {
    closeExpired(openSockets());
    recheck();
  }, checkMs);
  checking.unref();
  return { recheck, stop: () => clearInterval(checking) };
}

/** Closes the sockets whose token or key has run out; they come back with the next one and go on where they were. */
function closeExpired(sockets: OpenSocket[]): void {
  const now = Date.now();
  for (const { socket, caller } of sockets) {
    if (caller.validUntil && caller.validUntil.getTime() <= now) socket.close(CloseCode.Forbidden, EXPIRED);
  }
}

/** Closes the sockets whose credential has been revoked, or whose member's roles have changed. */
async function closeRevoked(services: Services, openSockets: () => OpenSocket[]): Promise<void> {
  const ids = new Set(openSockets().flatMap(({ caller }) => caller.actor?.credentialId ?? []));
  const live = await liveCredentials(services.database.nobody, [...ids]);
  for (const { socket, caller } of openSockets()) {
    const { actor } = caller;
    if (!actor || !ids.has(actor.credentialId)) continue; // anonymous, or opened while we asked
    const roles = live.get(actor.credentialId);
    if (!roles) socket.close(CloseCode.Forbidden, 'Your session or API key was revoked or has expired.');
    else if (roles.join() !== (actor.memberRoles ?? actor.roles).join())
      socket.close(CloseCode.Forbidden, 'Your roles have changed.');
  }
}
