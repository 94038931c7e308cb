/**
 * Bad input through the public API: every text of every mutation, ids, pages, numbers, bodies, uploads. Whatever comes is
 * either taken as it is or refused with a typed error that says what is wrong, and what is refused leaves no trace in any table.
 */
import { createHash } from 'node:crypto';
import { type GraphQLInputType, getNamedType, isInputObjectType } from 'graphql';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { ERROR_CODES } from '../src/platform/errors.js';
import { encodeId } from '../src/platform/ids.js';
import { createLog } from '../src/platform/log.js';
import { INGESTION_PIPELINE } from '../worker/pipelines/ingestion/stages.js';
import { RESEARCH_PIPELINE } from '../worker/pipelines/research/stages.js';
import { isA, operations } from './matrix/operations.js';
import { openWorld, type World } from './matrix/world.js';
import type { GraphQLAnswer } from './support/api.js';
import { emittedSchema } from './support/full-selection.js';
import { startTestWorker } from './support/start-test-worker.js';
import { tableContents } from './support/table-contents.js';

const schema = emittedSchema();
const credentials = { email: 'bad-input@example.org', password: 'correct horse battery' };
const TABLE = operations(credentials);
const MUTATIONS = TABLE.filter(isA('Mutation'));

/** Almost all that a request may hold: the limit of a body is 1,000,000 bytes. */
const HUGE = 'x'.repeat(990_000);

const HOSTILE: Record<string, string> = {
  'an empty string': '',
  'white space': ' \t\n\u00a0\u2003 ',
  'a megabyte': HUGE,
  'a megabyte of emoji': '🧪'.repeat(240_000),
  binary: Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0x00, 0xff, 0xfe, 0x01]).toString('latin1'),
  emoji: 'Ünïcode 🧪👩‍🔬🏳️‍🌈',
  NUL: 'before\u0000after',
  'a lone high surrogate': 'high \ud800 alone',
  'a lone low surrogate': '\udfff',
  'text from right to left': 'שלום עולם',
  'a bidirectional override': 'safe\u202egpj.exe',
  'zero width': '\u200b\u200d\ufeff',
  'terminal control': '\u001b[31mred\u001b[0m\u0007',
  SQL: `'; drop table projects; --`,
  HTML: '<script>alert(1)</script><img src=x onerror=alert(1)>',
  'a path': '../../../../etc/passwd',
  'a path of Windows': '..\\..\\windows\\system32',
  'a template': `{{7*7}} ${'$'}{7*7} <%= 7*7 %> #{7*7} $1 %s %n`,
  JSON: '{"__proto__":{"admin":true},"constructor":{"prototype":{}}}',
  lines: 'one\r\nSet-Cookie: a=b\r\n\r\ntwo',
  'a formula': '=cmd|"/C calc"!A0',
};

let world: World;

beforeAll(async () => {
  world = await openWorld();
  const input = { ...credentials, displayName: 'Bad', tenantName: 'Input' };
  await send('mutation ($input: RegisterInput!) { register(input: $input) { __typename } }', { input });
});
beforeEach(() => world.db.admin.query('delete from sign_in_attempts'));
afterAll(() => world?.close());

const send = (query: string, variables: Record<string, unknown> = {}): Promise<GraphQLAnswer> =>
  world.api.gql(query, variables, world.tokens.OWNER);

const REFUSALS = ERROR_CODES.filter((code) => code !== 'INTERNAL' && code !== 'UNAVAILABLE');
const TELLTALE =
  /\bselect\b|\binsert\b|\bviolates\b|\bconstraint\b|relation "|syntax error at|pg_|node_modules|\.ts:\d|\.js:\d|\bat [\w.<>]+ \(/;

/** The first error is one of the closed list, says what happened, and tells nothing of how we are made. */
function expectTyped({ errors }: GraphQLAnswer, what: string): string {
  const [error] = errors ?? [];
  const code = String(error?.extensions.code);
  expect(REFUSALS, `${what}: ${JSON.stringify(error)?.slice(0, 300)}`).toContain(code);
  expect(error?.message.length, what).toBeGreaterThan(15);
  expect(error?.message.length, `${what}: the message repeats what was sent`).toBeLessThan(600);
  const own = JSON.stringify({ ...error, locations: [] });
  expect(own.length, `${what}: the error repeats what was sent`).toBeLessThan(2_000);
  expect(own.replace(/drop table projects/g, ''), what).not.toMatch(TELLTALE);
  return code;
}

/** Sends it; a refusal is typed and leaves every table as it was. Answers the code, `ok` without one. */
async function attempt(query: string, variables: Record<string, unknown>, what: string) {
  const before = await tableContents(world.db);
  const answer = await send(query, variables);
  if (!answer.errors) return { code: 'ok', answer };
  const code = expectTyped(answer, what);
  expect(await tableContents(world.db), `${what} was refused with ${code}, yet something was written`).toEqual(before);
  return { code, answer };
}

/** Paths of the leaves of that scalar in the arguments of a field: `['input', 'name']`. */
function leavesOf(field: string, scalars: readonly string[]): string[][] {
  const below = (path: string[], type: GraphQLInputType): string[][] => {
    const named = getNamedType(type);
    if (isInputObjectType(named))
      return Object.values(named.getFields()).flatMap((inner) => below([...path, inner.name], inner.type));
    return scalars.includes(named.name) ? [path] : [];
  };
  const args = schema.getMutationType()?.getFields()[field.split('.')[1] ?? '']?.args ?? [];
  return args.flatMap((arg) => below([arg.name], arg.type));
}

const get = (value: unknown, path: readonly string[]): unknown =>
  path.reduce<unknown>((inner, name) => (inner as Record<string, unknown> | undefined)?.[name], value);

/** The same with another value at the path; a list of texts gets it as its only one. */
function withValue(
  variables: Record<string, unknown>,
  [name = '', ...rest]: string[],
  value: unknown,
): Record<string, unknown> {
  const old = variables[name];
  if (rest.length === 0) return { ...variables, [name]: Array.isArray(old) ? [value] : value };
  return { ...variables, [name]: withValue(old as Record<string, unknown>, rest, value) };
}

const cases = MUTATIONS.flatMap((operation) =>
  leavesOf(operation.field, ['String', 'ID']).map(
    (path) => [`${operation.field} ${path.join('.')}`, operation, path] as const,
  ),
);

test('every text of every mutation is given a value that is taken, so that only the hostile one is wrong', async () => {
  const given = new Set<string>();
  for (const [name, operation, path] of cases) {
    if (get(await operation.variables(world.places.shared), path) !== undefined) given.add(name);
  }
  given.add('Mutation.signIn input.tenantId'); // tried below, with all other ids
  expect(cases.map(([name]) => name).filter((name) => !given.has(name))).toEqual([]);
});

describe.each(cases)('%s', (name, operation, path) => {
  const isId = leavesOf(operation.field, ['ID']).some((other) => other.join() === path.join());

  test('takes or refuses hostile text, and never half', async () => {
    const fresh = () => operation.variables(world.places.shared);
    const first = await fresh();
    if (get(first, path) === undefined && !isId) return; // of another row of the table
    const wantedOfId = isOther(first, path) ? 'BAD_INPUT' : 'NOT_FOUND';
    const refused: string[] = [];
    let variables = first;
    for (const [what, text] of Object.entries(HOSTILE)) {
      const answer = await send(operation.document, withValue(variables, path, text));
      const code = answer.errors ? expectTyped(answer, `${name}: ${what}`) : 'ok';
      if (isId) expect([name, what, code]).toEqual([name, what, wantedOfId]);
      if (code === 'ok') variables = await fresh();
      else refused.push(text);
    }
    // once more, with nothing that is taken in between
    await world.db.admin.query('delete from sign_in_attempts');
    const before = await tableContents(world.db);
    for (const text of refused)
      expect((await send(operation.document, withValue(variables, path, text))).errors).toBeDefined();
    expect(await tableContents(world.db), 'what is refused leaves nothing').toEqual(before);
  });
});

/** `ingestPaper` takes a text or an upload: with both given, that is what is wrong. */
const isOther = (variables: Record<string, unknown>, path: readonly string[]): boolean =>
  path.at(-1) === 'uploadId' && get(variables, ['input', 'text']) !== undefined;

describe('the answer to an input request', () => {
  const heading = (text: string) => ({ sections: [{ heading: text }] });
  const ANSWERS: Record<string, unknown> = {
    null: null,
    'a number': 7,
    'a text': 'yes',
    'an empty object': {},
    'an empty list': [],
    'no sections': { sections: [] },
    'sections that are texts': { sections: ['one'] },
    'eleven sections': { sections: Array.from({ length: 11 }, (_, i) => ({ heading: `Part ${i}` })) },
    'two sections of one name': { sections: [{ heading: 'One' }, { heading: 'ONE' }] },
    'a megabyte of heading': heading(HUGE),
    'an empty heading': heading(' '),
    'approval and more': { approve: true, and: 'more' },
    'a prototype': JSON.parse('{"__proto__":{"approve":true}}'),
  };

  test.each(Object.entries(ANSWERS))('%s is refused with BAD_INPUT', async (what, answer) => {
    const operation = MUTATIONS.find(({ field }) => field === 'Mutation.answerInputRequest');
    const input = { requestId: await world.places.shared.inputRequest(), answer };
    const { code } = await attempt(operation?.document ?? '', { input }, what);
    expect(code).toBe('BAD_INPUT');
  });

  test.each([1_000, 100_000])('%i levels deep is refused with BAD_INPUT', async (levels) => {
    const operation = MUTATIONS.find(({ field }) => field === 'Mutation.answerInputRequest');
    const deep = `${'['.repeat(levels)}${']'.repeat(levels)}`;
    const requestId = await world.places.shared.inputRequest();
    for (const answer of [deep, `{"sections": ${deep}}`, `{"sections": [{"heading": "One", "evidence": ${deep}}]}`]) {
      const before = await tableContents(world.db);
      const response = await fetch(`${world.api.url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${world.tokens.OWNER}` },
        body: `{"query": ${JSON.stringify(operation?.document)}, "variables": {"input": {"requestId": "${requestId}", "answer": ${answer}}}}`,
      });
      expect(expectTyped((await response.json()) as GraphQLAnswer, `${levels} levels`)).toBe('BAD_INPUT');
      expect(await tableContents(world.db)).toEqual(before);
    }
  });

  test('a heading of hostile text is taken and stored so that it can be read again', async () => {
    const operation = MUTATIONS.find(({ field }) => field === 'Mutation.answerInputRequest');
    for (const what of ['NUL', 'a lone high surrogate', 'SQL', 'HTML', 'emoji', 'JSON', 'a template']) {
      const input = { requestId: await world.places.shared.inputRequest(), answer: heading(HOSTILE[what] ?? '') };
      expect([what, (await attempt(operation?.document ?? '', { input }, what)).code]).toEqual([what, 'ok']);
    }
  });
});

describe('ids', () => {
  test('prototype names and look-alikes are no ids', async () => {
    const real = await world.places.shared.project();
    const ids = [
      '__proto__',
      'constructor',
      'toString',
      real.toUpperCase(),
      `${real} `,
      `${real}\u0000`,
      real.slice(0, -1),
      `${real}0`,
      real.replace('proj_', 'proj'),
      'proj_7zzzzzzzzzzzzzzzzzzzzzzzzz',
      'proj_80000000000000000000000000',
      '1',
      '-1',
      'null',
    ];
    for (const id of ids) {
      const { code } = await attempt('query ($id: ID!) { project(id: $id) { id } }', { id }, id);
      expect([id, code]).toEqual([id, 'NOT_FOUND']);
      expect([id, (await attempt('query ($id: ID!) { node(id: $id) { id } }', { id }, id)).code]).toEqual([
        id,
        'NOT_FOUND',
      ]);
    }
  });

  test('an id that is a number, a list or an object is refused', async () => {
    for (const id of [7, -1, 1e300, ['proj_x'], { id: 'x' }, true, null]) {
      const { code } = await attempt('query ($id: ID!) { project(id: $id) { id } }', { id }, JSON.stringify(id));
      expect([id, code]).toEqual([id, typeof id === 'number' ? 'NOT_FOUND' : 'BAD_INPUT']);
    }
  });
});

describe('pages', () => {
  const LISTS: Record<string, string> = {
    projects:
      'query ($first: Int, $last: Int, $after: String, $before: String) { projects(first: $first, last: $last, after: $after, before: $before) { nodes { id } } }',
    'runs of a project':
      'query ($id: ID!, $first: Int, $last: Int, $after: String, $before: String) { project(id: $id) { runs(first: $first, last: $last, after: $after, before: $before) { nodes { id } } } }',
    'sources of a run':
      'query ($run: ID!, $first: Int, $last: Int, $after: String, $before: String) { run(id: $run) { ... on ResearchRun { sources(first: $first, last: $last, after: $after, before: $before) { nodes { id } } } } }',
  };
  const SIZES = [0, -1, -2147483648, 101, 2147483647, 1e12, 1.5, '10', Number.MAX_SAFE_INTEGER];
  const CURSORS = [
    '',
    ' ',
    'nonsense',
    '0',
    `' or 1=1 --`,
    'A'.repeat(23),
    HUGE,
    '🧪',
    '\u0000',
    'AAAAAAAAAAAAAAAAAAAAA=',
    '../../..',
    7,
    {},
  ];

  test.each(Object.entries(LISTS))('of %s refuse a size or a cursor that is none', async (name, query) => {
    const { rows } = await world.db.admin.query(
      `select run_id as id from research_runs where project_id = $1 and report is not null limit 1`,
      [world.places.shared.projectId],
    );
    const base = {
      ...(query.includes('$id') && { id: await world.places.shared.project() }),
      ...(query.includes('$run') && { run: encodeId('run', rows[0].id) }),
    };
    expect((await send(query, base)).errors).toBeUndefined();
    const wrong = [
      ...SIZES.flatMap((size) => [{ first: size }, { last: size }]),
      ...CURSORS.flatMap((cursor) => [{ after: cursor }, { before: cursor }]),
      { first: 1, last: 1 },
    ];
    for (const page of wrong) {
      const what = `${name} ${JSON.stringify(page).slice(0, 60)}`;
      // an enormous page is also an expensive one: either refusal tells the limit
      expect([what, (await attempt(query, { ...base, ...page }, what)).code]).toEqual([
        what,
        expect.stringMatching(/^(BAD_INPUT|QUERY_TOO_COMPLEX)$/),
      ]);
    }
  });

  test('of events refuse a size or a cursor that is none', async () => {
    const id = await world.places.shared.run('SUCCEEDED');
    const query =
      'query ($id: ID!, $first: Int, $after: Int) { run(id: $id) { events(first: $first, after: $after) { cursor } } }';
    for (const page of [
      { first: 0 },
      { first: -1 },
      { first: 501 },
      { first: 2147483647 },
      { after: -1 },
      { after: 2147483648 },
      { after: 'x' },
    ]) {
      expect([page, (await attempt(query, { id, ...page }, JSON.stringify(page))).code]).toEqual([
        page,
        expect.stringMatching(/^(BAD_INPUT|QUERY_TOO_COMPLEX)$/),
      ]);
    }
    const token = world.tokens.OWNER;
    for (const search of [
      'after_id=-1',
      'after_id=x',
      'after_id=99999999999',
      'first=0',
      'first=501',
      'first=x',
      `after_id=${'9'.repeat(5000)}`,
    ]) {
      const response = await fetch(`${world.api.url}/runs/${id}/events?${search}`, {
        headers: { authorization: `Bearer ${token}` },
      });
      const body = (await response.json()) as GraphQLAnswer;
      expect([search, response.status, expectTyped(body, search)]).toEqual([search, 400, 'BAD_INPUT']);
    }
  });
});

describe('numbers', () => {
  const research = async (input: Record<string, unknown>, what: string) => {
    const operation = MUTATIONS.find(({ field }) => field === 'Mutation.startResearch');
    const base = { projectId: await world.places.shared.project(), question: 'Why?' };
    return (await attempt(operation?.document ?? '', { input: { ...base, ...input } }, what)).code;
  };

  test('a budget out of its range is refused', async () => {
    const bounds = { wallMs: [999, 86_400_001], sources: [0, 201], artifactBytes: [1_023, 1_073_741_825] };
    for (const [name, outside] of Object.entries(bounds)) {
      for (const value of [...outside, 0, -1, 1.5, 1e300, '7', [], {}]) {
        const what = `${name}: ${JSON.stringify(value)}`;
        expect([what, await research({ budget: { [name]: value } }, what)]).toEqual([what, 'BAD_INPUT']);
      }
    }
    for (const maxSources of [0, -1, 201, 2147483647, 1.5]) {
      expect([maxSources, await research({ maxSources }, `maxSources ${maxSources}`)]).toEqual([
        maxSources,
        'BAD_INPUT',
      ]);
    }
  });

  test('a question that is empty or too long is refused', async () => {
    const questions = ['', ' ', '?', '🧪', '\u0000', '\u200b', 'w'.repeat(1_001), `${'why '.repeat(240_000)}?`];
    for (const question of questions) {
      const what = `question of ${question.length} characters`;
      expect([what, await research({ question }, what)]).toEqual([what, 'BAD_INPUT']);
    }
    expect(await research({ question: 'w'.repeat(1_000) }, 'the longest question')).toBe('ok');
  });

  test('a year or a size that is none is refused', async () => {
    const projectId = await world.places.shared.project();
    const ingest = MUTATIONS.find(({ field }) => field === 'Mutation.ingestPaper')?.document ?? '';
    for (const year of [0, -1, 999, 3000, 2147483648, 1.5, '2020']) {
      const { code } = await attempt(ingest, { input: { projectId, text: 'A text.', year } }, `year ${year}`);
      expect([year, code]).toEqual([year, 'BAD_INPUT']);
    }
    const prepare = MUTATIONS.find(({ field }) => field === 'Mutation.prepareUpload')?.document ?? '';
    for (const bytes of [0, -1, 0.5, 1e300, 64 * 1024 * 1024 + 1]) {
      const input = { projectId, fileName: 'a.txt', mediaType: 'text/plain', bytes };
      expect([bytes, (await attempt(prepare, { input }, `bytes ${bytes}`)).code]).toEqual([bytes, 'BAD_INPUT']);
    }
  });

  test('a link may not live for no time, or for ever', async () => {
    const id = await world.places.shared.artifact();
    for (const seconds of [0, -1, 29, 86_401, 2147483647, 2147483648, 1.5]) {
      const query = 'query ($id: ID!, $s: Int!) { artifact(id: $id) { downloadUrl(expiresInSeconds: $s) } }';
      expect([seconds, (await attempt(query, { id, s: seconds }, `${seconds} s`)).code]).toEqual([
        seconds,
        'BAD_INPUT',
      ]);
    }
  });
});

describe('requests', () => {
  test.each([
    ['no body', 'application/json', '', 400],
    ['half a body', 'application/json', '{"query": "{ viewer', 400],
    ['a list', 'application/json', '[]', 400],
    ['a number', 'application/json', '7', 400],
    ['text', 'text/plain', '{ viewer { roles } }', 400],
    ['XML', 'application/xml', '<viewer/>', 415],
    ['a form', 'multipart/form-data; boundary=x', '--x--', 415],
    [
      'too much',
      'application/json',
      JSON.stringify({ query: '{ viewer { roles } }', pad: 'x'.repeat(1_000_001) }),
      413,
    ],
    ['an unknown field', 'application/json', '{"query": "{ nobody }"}', 400],
    [
      'an unknown operation',
      'application/json',
      '{"query": "query A { viewer { roles } }", "operationName": "B"}',
      400,
    ],
    ['variables that are none', 'application/json', '{"query": "{ viewer { roles } }", "variables": 7}', 400],
    [
      'ten thousand fields',
      'application/json',
      JSON.stringify({ query: `{ ${'viewer { roles } '.repeat(10_000)} }` }),
      400,
    ],
  ])('with %s are refused', async (what, contentType, body, status) => {
    const response = await fetch(`${world.api.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': contentType, authorization: `Bearer ${world.tokens.OWNER}` },
      body,
    });
    expectTyped((await response.json()) as GraphQLAnswer, what);
    expect(response.status).toBe(status);
  });

  test.each([
    '',
    'x',
    'Bearer',
    'Basic YTpi',
    'Bearer pws_short',
    `Bearer pw_${'A'.repeat(43)}`,
    `Bearer ${'x'.repeat(9_000)}`,
    'Bearer ../../etc',
  ])('with the credential "%s" are refused', async (authorization) => {
    const response = await fetch(`${world.api.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization },
      body: JSON.stringify({ query: '{ viewer { roles } }' }),
    });
    expect(expectTyped((await response.json()) as GraphQLAnswer, authorization)).toBe('UNAUTHENTICATED');
  });
});

describe('documents', () => {
  const PREPARE = 'mutation ($input: PrepareUploadInput!) { prepareUpload(input: $input) { uploadId url } }';
  const INGEST = 'mutation ($input: IngestPaperInput!) { ingestPaper(input: $input) { id } }';
  const RESEARCH = 'mutation ($input: StartResearchInput!) { startResearch(input: $input) { id } }';
  const RUN =
    'query ($id: ID!) { run(id: $id) { status failure { code message hint } ... on IngestionRun { paper { status } } } }';
  const newProject = () => world.places.shared.newProject();

  const upload = async (projectId: string, bytes: Uint8Array, facts: Record<string, unknown> = {}) => {
    const input = { projectId, fileName: 'paper.pdf', mediaType: 'application/pdf', bytes: bytes.length, ...facts };
    const { data } = await send(PREPARE, { input });
    const response = await fetch(data.prepareUpload.url, { method: 'PUT', body: Buffer.from(bytes) });
    return { uploadId: data.prepareUpload.uploadId as string, response };
  };
  const ended = (id: string) =>
    vi.waitFor(
      async () => {
        const { run } = (await send(RUN, { id })).data;
        expect(run.status).toMatch(/SUCCEEDED|FAILED|TIMED_OUT/);
        return run;
      },
      { timeout: 30_000, interval: 50 },
    );

  test('more bytes than were announced are refused, and nothing of them is kept', async () => {
    const projectId = await newProject();
    const { uploadId, response } = await upload(projectId, Buffer.alloc(200_000, 1), { bytes: 1_000 });
    expect([response.status, ((await response.json()) as { code: string }).code]).toEqual([413, 'QUOTA_EXCEEDED']);
    const objects: string[] = [];
    for await (const { key } of world.blobs.list('')) objects.push(key);
    expect(objects.filter((key) => key.startsWith('uploads/'))).toEqual([]);
    expect(uploadId).toMatch(/^upl_/);
  });

  test('that cannot be read end their run with the reason, and leave a library that is empty for research', async () => {
    const worker = await startTestWorker({
      urls: world.db.urls,
      blobs: world.blobs,
      pipelines: [INGESTION_PIPELINE, RESEARCH_PIPELINE],
      log: createLog('worker', 'silent'),
      leaseMs: 5_000,
      sweepMs: 60_000,
      maxStageAttempts: 1,
    });
    try {
      const projectId = await newProject();
      const bytes = (text: string) => new Uint8Array(Buffer.from(text, 'latin1'));
      const wrongHash = createHash('sha256').update('other bytes').digest('hex');
      const DOCUMENTS: [string, Uint8Array, Record<string, unknown>, string][] = [
        [
          'a picture',
          bytes('\x89PNG\r\n\x1a\n\x00\x00'),
          { fileName: 'a.png', mediaType: 'image/png' },
          'UNSUPPORTED_MEDIA_TYPE',
        ],
        ['a picture that says it is a PDF', bytes('\x89PNG\r\n\x1a\n\x00\x00'), {}, 'UNREADABLE_DOCUMENT'],
        ['a PDF cut short', bytes('%PDF-1.4\n1 0 obj\n<<'), {}, 'UNREADABLE_DOCUMENT'],
        [
          'binary that says it is text',
          new Uint8Array(256).map((_, i) => i),
          { fileName: 'a.txt', mediaType: 'text/plain' },
          'UN',
        ],
        ['other bytes than were announced', bytes('%PDF-1.4'), { sha256: wrongHash }, 'HASH_MISMATCH'],
        [
          'nothing but white space',
          bytes(' \n\n\t '),
          { fileName: 'a.txt', mediaType: 'text/plain' },
          'UNREADABLE_DOCUMENT',
        ],
      ];
      for (const [what, content, facts, code] of DOCUMENTS) {
        const { uploadId } = await upload(projectId, content, facts);
        const { data } = await send(INGEST, { input: { projectId, uploadId } });
        const run = await ended(data.ingestPaper.id);
        expect([what, run.status, run.failure?.code]).toEqual([what, 'FAILED', expect.stringMatching(code)]);
        expect([what, run.failure.message]).not.toEqual([what, expect.stringMatching(TELLTALE)]);
        expect([what, run.paper?.status ?? 'FAILED']).toEqual([what, 'FAILED']);
      }
      const { data } = await send(INGEST, { input: { projectId, uploadId: (await sendNothing(projectId)).uploadId } });
      expect((await ended(data.ingestPaper.id)).failure.code).toMatch(/BAD_INPUT|NOT_FOUND/);

      for (const library of [projectId, await newProject()]) {
        const started = await send(RESEARCH, { input: { projectId: library, question: 'What is known of rain?' } });
        const { failure, status } = await ended(started.data.startResearch.id);
        expect([status, failure.code]).toEqual(['FAILED', 'EMPTY_LIBRARY']);
        expect(`${failure.message} ${failure.hint}`).toMatch(/ingestPaper|upload|add/i);
      }
    } finally {
      await worker.stop();
    }
  });

  /** A ticket to which nothing was ever PUT. */
  async function sendNothing(projectId: string) {
    const input = { projectId, fileName: 'a.txt', mediaType: 'text/plain', bytes: 5 };
    return (await send(PREPARE, { input })).data.prepareUpload as { uploadId: string };
  }
});
