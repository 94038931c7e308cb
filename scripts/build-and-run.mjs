/**
 * `npm start` and its like: brings dist/ up to date, then runs the entry point named on the command line (a path under
 * dist/) in this process.
 *
 * npm puts a shell between itself and this process, and passes a SIGTERM to the shell, which dies of it and tells nobody.
 * So a process whose parent has gone stops as if the signal had reached it.
 */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const PARENT_CHECK_MS = 250; // one getppid(2), so often that a stop feels immediate

const parent = process.ppid;
const built = spawnSync(process.execPath, [fileURLToPath(new URL('./build.mjs', import.meta.url))], {
  stdio: 'inherit',
});
if (built.status !== 0) process.exit(built.status ?? 1);

const watch = setInterval(() => {
  if (process.ppid === parent) return;
  clearInterval(watch);
  process.kill(process.pid, 'SIGTERM');
}, PARENT_CHECK_MS);
watch.unref();

await import(new URL(`../dist/${process.argv[2]}`, import.meta.url).href);
