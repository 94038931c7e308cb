/**
 * The playground page: GraphiQL over this origin's API, with starter tabs that can be run one after the other. It asks
 * no other host for anything, and reads the schema from /schema.graphql, so that it works where introspection is off.
 */
import './monaco-workers.js';
import 'graphiql/style.css';
import './playground.css';
import type { TabsState } from '@graphiql/react';
import { GraphiQL, HISTORY_PLUGIN } from 'graphiql';
import { buildSchema, type GraphQLSchema } from 'graphql';
import { createRoot } from 'react-dom/client';
import { createFetcher } from './fetcher.js';
import { PlaygroundSession } from './session.js';
import { SessionBar } from './session-bar.js';
import { STARTER_TABS } from './starter-tabs.js';
import { WrapLongLines } from './wrap-long-lines.js';

/** `undefined` lets GraphiQL fall back to introspection. */
async function loadSchema(): Promise<GraphQLSchema | undefined> {
  try {
    const response = await fetch('/schema.graphql');
    return response.ok ? buildSchema(await response.text()) : undefined;
  } catch (error) {
    console.warn('The schema could not be read from /schema.graphql', error);
    return undefined;
  }
}

function readStoredTabs(): Partial<TabsState> {
  try {
    return JSON.parse(localStorage.getItem('graphiql:tabState') ?? '{}') as Partial<TabsState>;
  } catch {
    return {};
  }
}

/**
 * What the editors hold at first: the tab that was open at the last visit, or the first starter tab. GraphiQL keeps the
 * editors' contents apart from the tabs and later than them; where the two differ it would open one tab more.
 */
function restoreEditors(): { initialQuery: string; initialVariables: string } {
  const state = readStoredTabs();
  const open = state.tabs?.[state.activeTabIndex ?? 0] ?? STARTER_TABS[0];
  return { initialQuery: open?.query ?? '', initialVariables: open?.variables ?? '' };
}

const START_OVER = 'paperwright:start-over';
if (sessionStorage.getItem(START_OVER)) {
  sessionStorage.removeItem(START_OVER);
  localStorage.clear(); // This origin's localStorage holds nothing but GraphiQL's tabs, sizes and history.
}
const session = new PlaygroundSession(sessionStorage);
const schema = await loadSchema();
const fetcher = createFetcher(session);

async function signOut(): Promise<void> {
  if (schema?.getMutationType()?.getFields().signOut !== undefined) {
    await fetcher({ query: 'mutation SignOut { signOut }', operationName: 'SignOut' });
  }
  session.clear();
}

/** GraphiQL writes its tabs back while the page goes, so they are forgotten by the page that comes. */
function startOver(): void {
  session.clear();
  sessionStorage.setItem(START_OVER, 'yes');
  location.reload();
}

const container = document.getElementById('playground');
if (container === null) throw new Error('index.html has no #playground element');

createRoot(container).render(
  <>
    <SessionBar session={session} onSignOut={() => void signOut()} onStartOver={startOver} />
    <GraphiQL
      fetcher={fetcher}
      {...(schema === undefined ? {} : { schema })}
      {...restoreEditors()}
      defaultTabs={[...STARTER_TABS]}
      defaultEditorToolsVisibility="variables"
      plugins={[HISTORY_PLUGIN]}
    >
      <GraphiQL.Logo>{null}</GraphiQL.Logo>
      <WrapLongLines />
    </GraphiQL>
  </>,
);
