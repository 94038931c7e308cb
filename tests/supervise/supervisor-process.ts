/** The supervisor as `npm start` runs it, with the children named on the command line. */
import { runSupervisor } from '../../src/run-supervisor.js';

const [api = '', worker = ''] = process.argv.slice(2);
await runSupervisor({ api, worker });
