/**
 * `npm run bench:events -- [--events 10M]`: appends and cursor reads beside millions of events against the same beside ten
 * thousand, in turn. Ten million events take 3 GB of disk while it runs, and some minutes.
 */
import { loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { parseCount } from '../support/parse-count.js';
import { toTable } from '../support/report.js';
import { measureEvents } from './measure-events.js';

const FEW = 10_000;

const { values } = parseArgs({ options: { events: { type: 'string', default: '10M' } } });
const sizes = { events: parseCount(values.events), few: FEW, rounds: 7, appendMs: 2_000, reads: 400 };
const measurements = await measureEvents(sizes, console.log);
console.log(
  `\n${toTable(measurements)}\n\nload average ${loadavg()
    .map((load) => load.toFixed(1))
    .join(', ')}`,
);
process.exit(0);
