/** The walking skeleton: the product as it runs, from registration to a project, over HTTP. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Product, startProduct } from './support/product.js';

let product: Product;
beforeAll(async () => {
  product = await startProduct();
});
afterAll(() => product?.stop());

async function ask<T>(query: string, variables: object = {}, token?: string): Promise<T> {
  const answer = await fetch(`${product.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(token ? { authorization: `Bearer ${token}` } : {}) },
    body: JSON.stringify({ query, variables }),
  });
  const { data, errors } = (await answer.json()) as { data: T; errors?: unknown };
  expect(errors).toBeUndefined();
  return data;
}

test('a stranger registers, creates a project and finds it again', async () => {
  const { register } = await ask<{ register: { accessToken: string } }>(
    `mutation ($input: RegisterInput!) { register(input: $input) { ... on SignedIn { accessToken } } }`,
    {
      input: {
        email: 'ada@example.org',
        password: 'correct horse battery',
        displayName: 'Ada',
        tenantName: 'Analytical',
      },
    },
  );
  const { createProject } = await ask<{ createProject: { id: string } }>(
    `mutation { createProject(input: { name: "Engines" }) { id } }`,
    {},
    register.accessToken,
  );
  const { projects } = await ask<{ projects: { nodes: { id: string; runs: { nodes: unknown[] } }[] } }>(
    `{ projects { nodes { id runs { nodes { id } } } } }`,
    {},
    register.accessToken,
  );
  expect(projects.nodes).toEqual([{ id: createProject.id, runs: { nodes: [] } }]);
  const ready = await fetch(`${product.url}/readyz`);
  expect(await ready.json()).toMatchObject({});
  expect(ready.status).toBe(200);
});
