/** Hostile text in every place of every mutation that takes a text or an id. */
import { type GraphQLInputType, getNamedType, isInputObjectType } from 'graphql';
import { describe, expect, test } from 'vitest';
import { badInput, expectTyped, HOSTILE, MUTATIONS } from '../support/bad-input.js';
import { emittedSchema } from '../support/full-selection.js';
import { tableContents } from '../support/table-contents.js';

const at = badInput();
const schema = emittedSchema();

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
    if (get(await operation.variables(at.world.places.shared), path) !== undefined) given.add(name);
  }
  given.add('Mutation.signIn input.tenantId'); // tried below, with all other ids
  given.add('Mutation.signInWithGoogle input.tenantId');
  expect(cases.map(([name]) => name).filter((name) => !given.has(name))).toEqual([]);
});

describe.each(cases)('%s', (name, operation, path) => {
  const isId = leavesOf(operation.field, ['ID']).some((other) => other.join() === path.join());

  test('takes or refuses hostile text, and never half', async () => {
    const fresh = () => operation.variables(at.world.places.shared);
    const first = await fresh();
    if (get(first, path) === undefined && !isId) return; // of another row of the table
    const wantedOfId = isOther(first, path) ? 'BAD_INPUT' : 'NOT_FOUND';
    const refused: string[] = [];
    let variables = first;
    for (const [what, text] of Object.entries(HOSTILE)) {
      const answer = await at.send(operation.document, withValue(variables, path, text));
      const code = answer.errors ? expectTyped(answer, `${name}: ${what}`) : 'ok';
      if (isId) expect([name, what, code]).toEqual([name, what, wantedOfId]);
      if (code === 'ok') variables = await fresh();
      else refused.push(text);
    }
    // once more, with nothing that is taken in between
    await at.world.db.admin.query('delete from sign_in_attempts');
    const before = await tableContents(at.world.db);
    for (const text of refused)
      expect((await at.send(operation.document, withValue(variables, path, text))).errors).toBeDefined();
    expect(await tableContents(at.world.db), 'what is refused leaves nothing').toEqual(before);
  });
});

/** `ingestPaper` takes a text or an upload: with both given, that is what is wrong. */
const isOther = (variables: Record<string, unknown>, path: readonly string[]): boolean =>
  path.at(-1) === 'uploadId' && get(variables, ['input', 'text']) !== undefined;
