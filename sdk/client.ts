/**
 * A typed client of Paperwright: one method for each operation of schema/operations/, and `watchRun`. Runs in Node and in
 * browsers; sdk/node.ts brings the WebSocket that Node 20 lacks. Every failure is a PaperwrightError.
 */
import { GraphQLClient } from 'graphql-request';
import { fromCall, PaperwrightError } from './errors.js';
import { getSdk, type Sdk } from './generated/operations.js';
import { type LiveSocket, openLiveSocket } from './live-socket.js';
import { type RunEvent, type WatchRunOptions, watchRun } from './watch-run.js';

/**
 * A function is asked before each request and at each connection, for tokens that are renewed; `refused` is the one that the
 * server has just refused, of which another is asked. sdk/renewing-token.ts makes one.
 */
export type Token = string | undefined | ((refused?: string) => string | undefined | Promise<string | undefined>);

export interface PaperwrightOptions {
  /** Where the API is, such as http://localhost:4000. */
  url: string;
  /** An access token or an API key. */
  token?: Token;
  /** A WebSocket class. The global one when absent. */
  webSocket?: unknown;
  /** For pages: refresh tokens go into a cookie that no script can read, and are not in answers. */
  refreshCookie?: boolean;
}

/** Subscriptions do not go over HTTP. */
type Calls = Omit<Sdk, 'runEvents'>;

export interface Paperwright extends Calls {
  /**
   * The run's events, each exactly once and in order, live until the run has ended. It reconnects by itself and goes on where it
   * was. Throws PaperwrightError when refused, and the signal's reason when that is aborted.
   */
  watchRun(runId: string, options?: WatchRunOptions): AsyncGenerator<RunEvent, void, void>;
  /** Ends what is being watched (with code CANCELED) and closes the live connection. */
  close(): void;
}

const WITH_COOKIE = { credentials: 'include', headers: { 'x-refresh-cookie': '1' } } as const;

/** Of these UNAUTHENTICATED says something about what was sent with them: sent again, a wrong code would count twice. */
const TAKE_NO_TOKEN = ['register', 'signIn', 'signInWithGoogle', 'verifyMfa', 'refreshSession', 'resetPassword'];

const wasRefused = (error: unknown, operation: string): boolean =>
  error instanceof PaperwrightError && error.code === 'UNAUTHENTICATED' && !TAKE_NO_TOKEN.includes(operation);

export function createPaperwright(options: PaperwrightOptions): Paperwright {
  const base = options.url.replace(/\/+$/, '');
  const endpoint = `${base}/graphql`;
  const token = async (refused?: string) =>
    typeof options.token === 'function' ? options.token(refused) : options.token;
  // at the first watch: whoever only calls needs no WebSocket, which Node 20 has not
  let socket: LiveSocket | undefined;
  const liveSocket = () => {
    socket ??= openLiveSocket({
      url: endpoint.replace(/^http/, 'ws'),
      token,
      renews: typeof options.token === 'function',
      ...(options.webSocket ? { webSocket: options.webSocket } : {}),
    });
    return socket;
  };
  const { runEvents: _live, ...calls } = getSdk(
    new GraphQLClient(endpoint, options.refreshCookie ? WITH_COOKIE : {}),
    async (action, name) => {
      const call = (current: string | undefined) =>
        action(current ? { authorization: `Bearer ${current}` } : {}).catch((error: unknown) => {
          throw fromCall(error, base);
        });
      const current = await token();
      try {
        return await call(current);
      } catch (error) {
        const next = wasRefused(error, name) && current ? await token(current) : current;
        if (next === current) throw error;
        return call(next);
      }
    },
  );
  const closing = new AbortController();
  return {
    ...calls,
    watchRun: (runId, { signal, ...watchOptions } = {}) =>
      watchRun(liveSocket(), base, runId, {
        ...watchOptions,
        signal: signal ? AbortSignal.any([signal, closing.signal]) : closing.signal,
      }),
    close: () => {
      closing.abort(new PaperwrightError('CANCELED', 'The client was closed.'));
      Promise.resolve(socket?.dispose()).catch(() => undefined); // it was not connected
    },
  };
}
