/**
 * `npm run bench:search -- [--sizes 10k,100k,1M]`: how long a question takes in a project of so many snippets. A million
 * takes 8 GB of disk while it runs, and half an hour.
 */
import { loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { parseCount } from '../support/parse-count.js';
import { toTable } from '../support/report.js';
import { measureSearch } from './measure-search.js';

const { values } = parseArgs({ options: { sizes: { type: 'string', default: '10k,100k,1M' } } });
const sizes = values.sizes
  .split(',')
  .map(parseCount)
  .sort((a, b) => a - b);
const measurements = await measureSearch({ sizes, questions: 100, documents: 20 }, console.log);
const load = loadavg()
  .map((each) => each.toFixed(1))
  .join(', ');
console.log(`\n${toTable(measurements)}\n\nload average ${load}`);
process.exit(0);
