/** The bar above the editors: who is signed in, which ids later tabs will use, and the two ways to begin again. */
import { useSyncExternalStore } from 'react';
import type { PlaygroundSession } from './session.js';

interface SessionBarProps {
  session: PlaygroundSession;
  onSignOut: () => void;
  onStartOver: () => void;
}

export function SessionBar({ session, onSignOut, onStartOver }: SessionBarProps) {
  const { signedIn, expired, known } = useSyncExternalStore(session.subscribe, session.read);
  return (
    <header className="session-bar">
      <strong className="session-bar-title">Paperwright playground</strong>
      <span className="session-bar-user" role="status" data-signed-in={signedIn !== undefined}>
        {signedIn !== undefined && <>Signed in as {signedIn.email ?? 'the user of the last answer'}</>}
        {signedIn === undefined && expired && <>The session has ended: run “Register” again</>}
        {signedIn === undefined && !expired && <>Not signed in: press play on “Register”, then go from tab to tab</>}
      </span>
      <span className="session-bar-known">
        {Object.entries(known).map(([name, value]) => (
          <span key={name} title={`{{${name}}} in the variables stands for ${value}`}>
            {name} <code>{value}</code>
          </span>
        ))}
      </span>
      <span className="session-bar-actions">
        <a href="/schema.graphql">Schema</a>
        <button type="button" title="Forget all tabs and ids and bring the starter tabs back" onClick={onStartOver}>
          Start over
        </button>
        {signedIn !== undefined && (
          <button type="button" onClick={onSignOut}>
            Sign out
          </button>
        )}
      </span>
    </header>
  );
}
