/**
 * The thirteen checks of GraphQL Cop (https://github.com/dolevf/graphql-cop), each sent and judged as that tool does: true
 * is a finding.
 */
type Json = Record<string, unknown>;
export type Check = (url: string) => Promise<boolean>;

const many = (count: number, part: (index: number) => string) =>
  Array.from({ length: count }, (_, index) => part(index)).join(' ');

async function answerOf(response: Response): Promise<Json> {
  try {
    const body = (await response.json()) as unknown;
    return typeof body === 'object' && body !== null ? (body as Json) : {};
  } catch {
    return {};
  }
}

const post = async (url: string, body: unknown) =>
  answerOf(
    await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
  );
const get = async (url: string, query: string) => answerOf(await fetch(`${url}?query=${encodeURIComponent(query)}`));
const dataOf = ({ data }: Json): Json => (data ?? {}) as Json;
const errorsOf = ({ errors }: Json) => (errors ?? []) as { message?: string; extensions?: Json }[];

const CIRCLE = `query cop { __schema { types { fields { ${'type { fields { '.repeat(3)}type { name }${' } }'.repeat(3)} } } } }`;

export const CHECKS: Readonly<Record<string, Check>> = {
  'alias overloading': async (url) =>
    'alias100' in
    dataOf(await post(url, { query: `query cop { ${many(101, (index) => `alias${index}: __typename`)} }` })),
  'array-based batches': async (url) => {
    const answer = await post(
      url,
      Array.from({ length: 10 }, () => ({ query: 'query cop { __typename }' })),
    );
    return Array.isArray(answer) && answer.length >= 10;
  },
  'directive overloading': async (url) =>
    errorsOf(await post(url, { query: `query cop { __typename ${'@aa'.repeat(10)} }` })).length === 10,
  'circular introspection': async (url) => '__schema' in dataOf(await post(url, { query: CIRCLE })),
  'field duplication': async (url) =>
    '__typename' in dataOf(await post(url, { query: `query cop { ${many(500, () => '__typename')} }` })),
  'field suggestions': async (url) =>
    [
      ...errorsOf(await post(url, { query: 'query cop { __schema { directive } }' })),
      ...errorsOf(await post(url, { query: '{ vewer }' })),
    ].some(({ message }) => message?.includes('Did you mean')),
  introspection: async (url) =>
    '__schema' in dataOf(await post(url, { query: 'query cop { __schema { types { name fields { name } } } }' })),
  'an IDE for everybody': async (url) => {
    for (const path of ['/', '/graphiql', '/playground', '/console', '/graphql']) {
      const page = await fetch(new URL(path, url), { headers: { accept: 'text/html' } });
      if (/graphiql|graphql playground|apollo|<html/i.test(await page.text())) return true;
    }
    return false;
  },
  'trace mode': async (url) => {
    const answer = await post(url, { query: 'query cop { __typename }' });
    return [answer, ...errorsOf(answer)].some(({ extensions }) => 'tracing' in ((extensions ?? {}) as Json));
  },
  'queries by GET': async (url) => '__typename' in dataOf(await get(url, 'query cop { __typename }')),
  'mutations by GET': async (url) => '__typename' in dataOf(await get(url, 'mutation cop { __typename }')),
  'a form of another site (CSRF)': async (url) =>
    '__typename' in
    dataOf(
      await answerOf(
        await fetch(url, { method: 'POST', body: new URLSearchParams({ query: 'query cop { __typename }' }) }),
      ),
    ),
  'errors nobody handled': async (url) =>
    errorsOf(await post(url, { query: 'qwerty cop { abc }' })).some(
      ({ message, extensions = {} }) =>
        'exception' in extensions || 'stacktrace' in extensions || /\bat .*:\d+/.test(message ?? ''),
    ),
};
