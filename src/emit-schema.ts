/** `npm run schema`: writes schema/schema.graphql, the reviewed contract, from the code, which is its source. */
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { buildApiSchema, printApiSchema } from './api/graphql/build-schema.js';
import { schemaParts } from './schema.js';

const target = path.resolve('schema/schema.graphql');
mkdirSync(path.dirname(target), { recursive: true });
writeFileSync(target, printApiSchema(buildApiSchema(schemaParts)));
process.stdout.write(`${target}\n`);
