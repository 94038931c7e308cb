#!/usr/bin/env node
/** The `paperwright` command: brings dist/ up to date when its sources are there, then runs the command line. */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const built = spawnSync(process.execPath, [fileURLToPath(new URL('./build.mjs', import.meta.url))], {
  stdio: ['ignore', process.stderr.fd, process.stderr.fd], // standard output is for the result alone
});
if (built.status !== 0) process.exit(built.status ?? 1);

await import(new URL('../dist/cli/main.js', import.meta.url).href);
