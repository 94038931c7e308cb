/**
 * How the playground talks to the API: queries and mutations by POST, subscriptions by graphql-ws, both on this
 * origin's /graphql, both as the user of the session bar unless the Headers editor names another `authorization`.
 * Every answer is also read for the session and the ids that later tabs need. Before a token ends it is renewed; a watch
 * whose token has ended goes on with the next one where it was.
 */
import type { Fetcher, FetcherParams } from '@graphiql/toolkit';
import { Kind, type OperationDefinitionNode, parse } from 'graphql';
import { createClient } from 'graphql-ws';
import { explainMissing, fillVariables, isSignedOutAnswer, learnSession, learnValues } from './known-values.js';
import { createRenewal, REFRESH_COOKIE_HEADER, type Renewal } from './renewal.js';
import type { PlaygroundSession } from './session.js';
import { afterCursor, collectTimeline } from './timeline.js';

type Headers = Record<string, string>;
interface Operation {
  query: string;
  operationName: string | undefined;
  variables: Record<string, unknown> | undefined;
}

const HTTP_PATH = '/graphql';
const websocketUrl = () => `${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}${HTTP_PATH}`;
const failure = (message: string) => ({ errors: [{ message }] });
const freshId = () => crypto.getRandomValues(new Uint32Array(2)).reduce((id, part) => id + part.toString(36), '');

/**
 * The operation to send. GraphiQL parses the editor with a delay, so right after a change of tabs its operation name
 * may still be the last tab's: with one operation in the document, that one's name is the truth.
 */
function chooseOperation(params: FetcherParams): OperationDefinitionNode | undefined {
  const operations = parse(params.query).definitions.filter((node) => node.kind === Kind.OPERATION_DEFINITION);
  if (operations.length === 1) return operations[0];
  return operations.find((operation) => operation.name?.value === params.operationName);
}

function authorize(session: PlaygroundSession, editorHeaders: Headers): Headers {
  const names = Object.keys(editorHeaders).map((name) => name.toLowerCase());
  const { signedIn } = session.read();
  if (signedIn === undefined || names.includes('authorization')) return editorHeaders;
  return { ...editorHeaders, authorization: `Bearer ${signedIn.accessToken}` };
}

interface Page {
  session: PlaygroundSession;
  renewal: Renewal;
}

/** A renewal that is refused ends the session; one that works leaves it to the person to press play again. */
function learn({ session, renewal }: Page, answer: unknown): void {
  const signedIn = learnSession(answer);
  if (signedIn !== undefined) session.signIn(signedIn);
  else if (isSignedOutAnswer(answer)) void renewal.now();
  session.remember(learnValues(answer));
}

async function send(operation: Partial<Operation>, headers: Headers): Promise<object> {
  const response = await fetch(HTTP_PATH, {
    method: 'POST',
    headers: {
      accept: 'application/json',
      'content-type': 'application/json',
      ...REFRESH_COOKIE_HEADER,
      ...headers,
    },
    body: JSON.stringify(operation),
  });
  const text = await response.text();
  try {
    return JSON.parse(text) as object;
  } catch {
    return failure(`The server answered ${response.status} without JSON: ${text.slice(0, 200)}`);
  }
}

async function post(page: Page, operation: Operation, headers: Headers): Promise<object> {
  await page.renewal.whenDue();
  const answer = await send(operation, authorize(page.session, headers));
  learn(page, answer);
  return answer;
}

/**
 * What went wrong with the socket, in words: graphql-ws hands over close events, errors and GraphQL error lists. Plain
 * objects, because GraphiQL prints the stack of an Error.
 */
function explainSocketError(error: unknown): unknown {
  if (error instanceof CloseEvent) {
    return { message: `The connection was closed (${error.code} ${error.reason}). Press play to watch again.` };
  }
  return error instanceof Event ? { message: 'The WebSocket could not be opened. Is the server running?' } : error;
}

/** The server closes a socket with it when the token no longer holds that the socket was opened with. */
const TOKEN_ENDED = 4403;

/** One socket per watch and token: it connects with the token of that moment and is gone when the watch ends. */
function watch(page: Page, operation: Operation, headers: Headers) {
  return {
    subscribe(observer: { next(value: unknown): void; error(error: unknown): void; complete(): void }) {
      const collect = collectTimeline();
      let end = () => {};
      const begin = (variables: Operation['variables']) => {
        let goOnWith = variables;
        const client = createClient({
          url: websocketUrl(),
          connectionParams: async () => {
            await page.renewal.whenDue();
            return authorize(page.session, headers);
          },
          retryAttempts: 0, // A silent retry would replay the timeline from `after` into the same pane.
        });
        const fail = async (error: unknown) => {
          void client.dispose();
          const ended = error instanceof CloseEvent && error.code === TOKEN_ENDED;
          if (ended && (await page.renewal.now())) begin(goOnWith);
          else observer.error(explainSocketError(error));
        };
        const unsubscribe = client.subscribe(
          { query: operation.query, operationName: operation.operationName, variables },
          {
            next: (message) => {
              learn(page, message);
              goOnWith = afterCursor(variables, message);
              observer.next(collect(message));
            },
            error: (error) => void fail(error),
            complete: () => {
              observer.complete();
              void client.dispose();
            },
          },
        );
        end = () => {
          unsubscribe();
          void client.dispose();
        };
      };
      begin(operation.variables);
      return { unsubscribe: () => end() };
    },
  };
}

/** The `fetcher` of the GraphiQL component, bound to one session. */
export function createFetcher(session: PlaygroundSession): Fetcher {
  const page: Page = { session, renewal: createRenewal(session, (query) => send({ query }, {})) };
  return (params, options) => {
    const chosen = chooseOperation(params);
    const { filled, missing } = fillVariables(params.variables, session.read().known, freshId);
    if (missing.length > 0) return Promise.resolve(failure(explainMissing(missing))) as ReturnType<Fetcher>;
    const operation: Operation = {
      query: params.query,
      operationName: chosen?.name?.value ?? params.operationName ?? undefined,
      variables: (filled ?? undefined) as Operation['variables'],
    };
    const headers = (options?.headers ?? {}) as Headers;
    if (chosen?.operation === 'subscription') return watch(page, operation, headers) as ReturnType<Fetcher>;
    return post(page, operation, headers) as ReturnType<Fetcher>;
  };
}
