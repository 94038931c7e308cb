/**
 * Writes src/api/graphql/persisted-documents.json: the texts that the SDK, the playground and its starter tabs send, by their sha256.
 * Part of `npm run codegen`.
 */
import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { print } from 'graphql';

const repository = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const LIST = path.join(repository, 'src/api/graphql/persisted-documents.json');

/** The modules are TypeScript: bundled to one text that Node can import. */
const { outputFiles } = await build({
  stdin: {
    contents: `export * as operations from './sdk/generated/operations.ts';
      export { STARTER_TABS } from './playground/starter-tabs.ts';
      export { RENEWAL_QUERY } from './playground/renewal.ts';`,
    resolveDir: repository,
  },
  bundle: true,
  format: 'esm',
  platform: 'node',
  packages: 'external',
  write: false,
});
const bundle = Buffer.from(outputFiles[0].contents).toString('base64');
const { operations, STARTER_TABS, RENEWAL_QUERY } = await import(`data:text/javascript;base64,${bundle}`);

const texts = [
  ...Object.values(operations)
    .filter(
      (value) => value.kind === 'Document' && value.definitions.some(({ kind }) => kind === 'OperationDefinition'),
    )
    .map(print),
  ...STARTER_TABS.map(({ query }) => query),
  RENEWAL_QUERY,
];
const list = Object.fromEntries(texts.map((text) => [createHash('sha256').update(text).digest('hex'), text]));
await writeFile(LIST, `${JSON.stringify(list, null, 2)}\n`);
console.log(`persisted ${Object.keys(list).length} documents`);
