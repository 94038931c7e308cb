/** `npm start`. */
import { fileURLToPath } from 'node:url';
import { runSupervisor } from './run-supervisor.js';

await runSupervisor({
  api: fileURLToPath(new URL('./main.js', import.meta.url)),
  worker: fileURLToPath(new URL('../worker/main.js', import.meta.url)),
});
