/**
 * What the stand-ins for API and worker have in common: they note their life in DATA_DIR/notes, a line each, and behave as
 * DATA_DIR/<name>.behaviour says ("fatal", "crash", "deaf"), if there is such a file.
 */
import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { AppError } from '../../src/platform/errors.js';
import { runProcess, type StartedProcess } from '../../src/run-process.js';

const dataDir = process.env.DATA_DIR ?? '';

export async function runChild(name: string, start: () => Promise<StartedProcess>): Promise<void> {
  const note = (what: string) => appendFileSync(path.join(dataDir, 'notes'), `${name} ${what} ${process.pid}\n`);
  const file = path.join(dataDir, `${name}.behaviour`);
  const behaviour = existsSync(file) ? readFileSync(file, 'utf8') : '';
  note('starts');
  await runProcess(async () => {
    if (behaviour === 'crash') process.exit(7);
    if (behaviour === 'fatal') throw new AppError('UNAVAILABLE', `The ${name} cannot start, and this is why.`);
    const started = await start();
    return {
      ...started,
      stop: async () => {
        note('stops');
        if (behaviour === 'deaf') await new Promise(() => undefined);
        await started.stop();
      },
    };
  });
}
