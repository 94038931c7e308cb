import { readFile } from 'node:fs/promises';
import { generate } from '@graphql-codegen/cli';
import { expect, it } from 'vitest';
import config from '../codegen.js';

it('is what the schema and the operations generate now (else: npm run codegen)', async () => {
  const files = (await generate({ ...config, silent: true }, false)) as { filename: string; content: string }[];
  expect(files).not.toHaveLength(0);
  for (const { filename, content } of files) expect(await readFile(filename, 'utf8')).toBe(content);
});
