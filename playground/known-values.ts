/**
 * What one tab's answer teaches the next: ids and the access token are picked out of answers, and `{{name}}` in a
 * tab's variables is replaced by them when the tab runs. Pure functions; `session.ts` keeps the values.
 *
 * `{{freshEmail}}` is made anew for each run, so that "Register" can be pressed any number of times.
 */
export type KnownValues = Record<string, string>;

export interface SignedIn {
  accessToken: string;
  email: string | undefined;
}

/** Which field's `id` becomes which name, and the starter tab that asks for that field. */
const TAUGHT_BY: ReadonlyArray<{ field: string; name: string; tab: string }> = [
  { field: 'createProject', name: 'projectId', tab: 'CreateProject' },
  { field: 'ingestPaper', name: 'ingestionRunId', tab: 'AddPaper' },
  { field: 'startResearch', name: 'researchRunId', tab: 'StartResearch' },
];

const PLACEHOLDER = /\{\{\s*(\w+)\s*\}\}/g;

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const at = (value: unknown, ...path: string[]): unknown =>
  path.reduce<unknown>((inner, key) => (isRecord(inner) ? inner[key] : undefined), value);

/** The ids in one GraphQL answer that later tabs use. Empty when it has none, or only errors. */
export function learnValues(answer: unknown): KnownValues {
  const learned: KnownValues = {};
  for (const { field, name } of TAUGHT_BY) {
    const id = at(answer, 'data', field, 'id');
    if (typeof id === 'string') learned[name] = id;
  }
  return learned;
}

/** The session that an answer opens: any top-level field with an `accessToken` (register, signIn, verifyMfa …). */
export function learnSession(answer: unknown): SignedIn | undefined {
  const data = at(answer, 'data');
  if (!isRecord(data)) return undefined;
  for (const field of Object.values(data)) {
    const accessToken = at(field, 'accessToken');
    if (typeof accessToken !== 'string') continue;
    const email = at(field, 'viewer', 'user', 'email');
    return { accessToken, email: typeof email === 'string' ? email : undefined };
  }
  return undefined;
}

/** True when the server says that nobody, or nobody any more, is signed in. */
export function isSignedOutAnswer(answer: unknown): boolean {
  const errors = at(answer, 'errors');
  return Array.isArray(errors) && errors.some((error) => at(error, 'extensions', 'code') === 'UNAUTHENTICATED');
}

/** Replaces every `{{name}}` inside the variables; `missing` lists the names that no answer has taught yet. */
export function fillVariables(
  variables: unknown,
  known: KnownValues,
  freshId: () => string,
): { filled: unknown; missing: string[] } {
  const missing = new Set<string>();
  const fill = (value: unknown): unknown => {
    if (typeof value === 'string') {
      return value.replace(PLACEHOLDER, (placeholder, name: string) => {
        if (name === 'freshEmail') return `reader-${freshId()}@example.org`;
        const found = known[name];
        if (found === undefined) missing.add(name);
        return found ?? placeholder;
      });
    }
    if (Array.isArray(value)) return value.map(fill);
    if (isRecord(value)) return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, fill(inner)]));
    return value;
  };
  return { filled: fill(variables), missing: [...missing] };
}

/** One sentence that says which tab to run first. */
export function explainMissing(missing: readonly string[]): string {
  return missing
    .map((name) => {
      const tab = TAUGHT_BY.find((lesson) => lesson.name === name)?.tab;
      return tab === undefined
        ? `Nothing here is called {{${name}}}: write the value itself into the variables.`
        : `{{${name}}} is not known yet: run the tab “${tab}” first, its answer fills it in.`;
    })
    .join(' ');
}
