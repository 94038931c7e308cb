/**
 * GraphiQL shows only the latest message of a subscription. A run's timeline arrives in batches, so the playground
 * collects them: the pane then holds the events so far, newest on top, where they can be seen arriving.
 */

/** Newest events kept in the pane: enough to read, few enough for the editor to stay quick. */
const SHOWN_EVENTS = 300;

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Returns a function that turns each message into what the pane shows. Messages without `events` pass unchanged. */
export function collectTimeline(): (message: unknown) => unknown {
  let shown: unknown[] = [];
  let received = 0;
  return (message) => {
    if (!isRecord(message) || !isRecord(message.data)) return message;
    const [field, batch] = Object.entries(message.data)[0] ?? [];
    if (field === undefined || !isRecord(batch) || !Array.isArray(batch.events)) return message;
    received += batch.events.length;
    shown = [...batch.events.toReversed(), ...shown].slice(0, SHOWN_EVENTS);
    return {
      ...message,
      data: { [field]: { ...batch, events: shown } },
      extensions: { playground: `${received} events so far, newest on top` },
    };
  };
}

/** The variables with which a timeline goes on after this message; unchanged for other subscriptions. */
export function afterCursor(
  variables: Record<string, unknown> | undefined,
  message: unknown,
): Record<string, unknown> | undefined {
  if (!isRecord(message) || !isRecord(message.data)) return variables;
  const [batch] = Object.values(message.data);
  const knowsWhere =
    isRecord(batch) && typeof batch.cursor === 'number' && variables !== undefined && 'after' in variables;
  return knowsWhere ? { ...variables, after: batch.cursor } : variables;
}
