/** Ids and pages that are none. */
import { describe, expect, test } from 'vitest';
import { encodeId } from '../../src/platform/ids.js';
import type { GraphQLAnswer } from '../support/api.js';
import { badInput, expectTyped, HUGE } from '../support/bad-input.js';

const at = badInput();
describe('ids', () => {
  test('prototype names and look-alikes are no ids', async () => {
    const real = await at.world.places.shared.project();
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
      const { code } = await at.attempt('query ($id: ID!) { project(id: $id) { id } }', { id }, id);
      expect([id, code]).toEqual([id, 'NOT_FOUND']);
      expect([id, (await at.attempt('query ($id: ID!) { node(id: $id) { id } }', { id }, id)).code]).toEqual([
        id,
        'NOT_FOUND',
      ]);
    }
  });

  test('an id that is a number, a list or an object is refused', async () => {
    for (const id of [7, -1, 1e300, ['proj_x'], { id: 'x' }, true, null]) {
      const { code } = await at.attempt('query ($id: ID!) { project(id: $id) { id } }', { id }, JSON.stringify(id));
      expect([id, code]).toEqual([id, typeof id === 'number' ? 'NOT_FOUND' : 'BAD_INPUT']);
    }
  });
});

describe('pages', () => {
  const LISTS: Record<string, string> = {
    projects:
      'query ($first: Int, $last: Int, $after: String, $before: String) { projects(first: $first, last: $last, after: $after, before: $before) { nodes { id } } }',
    'entries of the audit log':
      'query ($first: Int, $last: Int, $after: String, $before: String) { auditLog(first: $first, last: $last, after: $after, before: $before) { nodes { seq } } }',
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
    const { rows } = await at.world.db.admin.query(
      `select run_id as id from research_runs where project_id = $1 and report is not null limit 1`,
      [at.world.places.shared.projectId],
    );
    const base = {
      ...(query.includes('$id') && { id: await at.world.places.shared.project() }),
      ...(query.includes('$run') && { run: encodeId('run', rows[0].id) }),
    };
    expect((await at.send(query, base)).errors).toBeUndefined();
    const wrong = [
      ...SIZES.flatMap((size) => [{ first: size }, { last: size }]),
      ...CURSORS.flatMap((cursor) => [{ after: cursor }, { before: cursor }]),
      { first: 1, last: 1 },
    ];
    for (const page of wrong) {
      const what = `${name} ${JSON.stringify(page).slice(0, 60)}`;
      // an enormous page is also an expensive one: either refusal tells the limit
      expect([what, (await at.attempt(query, { ...base, ...page }, what)).code]).toEqual([
        what,
        expect.stringMatching(/^(BAD_INPUT|QUERY_TOO_COMPLEX)$/),
      ]);
    }
  });

  test('of events refuse a size or a cursor that is none', async () => {
    const id = await at.world.places.shared.run('SUCCEEDED');
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
      expect([page, (await at.attempt(query, { id, ...page }, JSON.stringify(page))).code]).toEqual([
        page,
        expect.stringMatching(/^(BAD_INPUT|QUERY_TOO_COMPLEX)$/),
      ]);
    }
    const token = at.world.tokens.OWNER;
    for (const search of [
      'after_id=-1',
      'after_id=x',
      'after_id=99999999999',
      'first=0',
      'first=501',
      'first=x',
      `after_id=${'9'.repeat(5000)}`,
    ]) {
      const response = await fetch(`${at.world.api.url}/runs/${id}/events?${search}`, {
        headers: { authorization: `Bearer ${token}` },
      });
      const body = (await response.json()) as GraphQLAnswer;
      expect([search, response.status, expectTyped(body, search)]).toEqual([search, 400, 'BAD_INPUT']);
    }
  });
});
