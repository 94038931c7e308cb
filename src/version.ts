/** The product's version, as package.json has it. */
import { existsSync, readFileSync } from 'node:fs';

// beside src/ when run from source, one folder further up when built into dist/
const here = ['../package.json', '../../package.json']
  .map((path) => new URL(path, import.meta.url))
  .find((url) => existsSync(url));

export const VERSION: string = here ? (JSON.parse(readFileSync(here, 'utf8')) as { version: string }).version : '0.0.0';
