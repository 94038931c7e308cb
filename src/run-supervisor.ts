/**
 * The supervisor at a terminal: reads the settings, runs everything until a signal asks it to stop, and says on the way
 * what a person needs to know. What keeps it from starting (a busy port, another start on the same data folder, a full
 * disk, a setting that cannot be right) is a sentence on stderr and exit code 1.
 */
import { loadConfig } from './config.js';
import { describe } from './run-process.js';
import { type SuperviseOptions, type Supervisor, superviseProcesses } from './supervise-processes.js';

/** Ctrl-C under npm may arrive twice, from the terminal and from npm; a person who insists does so later. */
const SAME_REQUEST_MS = 1000;

/** Runs everything until a signal asks it to stop; sets the exit code, and says on the terminal what matters. */
export async function runSupervisor(scripts: Pick<SuperviseOptions, 'api' | 'worker'>): Promise<void> {
  const log = (line: string) => console.log(`paperwright: ${line}`);
  // A terminal that was closed must not keep Postgres from being stopped.
  process.stdout.on('error', () => undefined);
  const interrupt = new AbortController();
  let supervisor: Supervisor | undefined;
  let askedAt = 0;
  const asked = new Promise<void>((resolve) => {
    for (const name of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) {
      process.on(name, () => {
        if (!interrupt.signal.aborted) {
          log('stopping');
          askedAt = Date.now();
          interrupt.abort();
          resolve();
        } else if (Date.now() - askedAt > SAME_REQUEST_MS) {
          log('ending at once');
          supervisor?.kill();
        }
      });
    }
  });
  try {
    const config = loadConfig();
    supervisor = await superviseProcesses({ config, ...scripts, log }, interrupt.signal);
    const shown = config.http.publicUrl ?? supervisor.url.replace('//127.0.0.1:', '//localhost:');
    log(`listening on ${shown} · playground ${shown}/ · Ctrl-C stops it`);
    await Promise.race([asked, supervisor.failed]);
    await supervisor.stop();
    log('stopped; everything is kept in the data folder');
  } catch (error) {
    await supervisor?.stop();
    if (interrupt.signal.aborted) return;
    for (const line of describe(error).split('\n')) process.stderr.write(`paperwright: ${line}\n`);
    process.exitCode = 1;
  }
}
