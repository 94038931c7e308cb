/**
 * `npm run bench`: every measurement, each a ratio against a named baseline, in one table. docs/benchmarks.md says what
 * they mean.
 *
 *     npm run bench                    all, at full size: some minutes
 *     npm run bench -- --only appends  one of them
 *     npm run bench -- --smoke         all, tiny: shows that each can be measured; its figures mean nothing
 *
 * Exits with 1 when something could not be measured, never because a ratio was missed: that is for people to judge.
 */
import { cpus, loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { measureAppends } from './append-throughput.js';
import { measureChurn } from './churn.js';
import { measureCommitToClient } from './commit-to-client.js';
import { measureEvents } from './events/measure-events.js';
import { measureRequests } from './graphql-requests.js';
import { measureSearch } from './search/measure-search.js';
import { measureSignInTiming } from './sign-in-timing.js';
import { measureStageJobs } from './stage-jobs.js';
import { measureSubscriberMemory } from './subscriber-memory.js';
import { type Measurement, meets, type Size, toTable } from './support/report.js';
import { measureWalls } from './walls.js';

// What is asked of them at full size by their own commands, bench:events and bench:search, takes too long beside the others.
const EVENTS = {
  full: { events: 1_000_000, few: 10_000, rounds: 5, appendMs: 1_000, reads: 300 },
  smoke: { events: 4_000, few: 2_000, rounds: 1, appendMs: 100, reads: 5 },
};
const SEARCH = {
  full: { sizes: [10_000], questions: 100, documents: 20 },
  smoke: { sizes: [200], questions: 5, documents: 2, segments: { least: 60, most: 100 } },
};

const BENCHES: Record<string, (size: Size) => Promise<Measurement[]>> = {
  appends: measureAppends,
  'stage-jobs': measureStageJobs,
  latency: measureCommitToClient,
  requests: measureRequests,
  memory: measureSubscriberMemory,
  churn: measureChurn,
  walls: measureWalls,
  'sign-in': measureSignInTiming,
  events: (size) => measureEvents(EVENTS[size], console.log),
  search: (size) => measureSearch(SEARCH[size], console.log),
};
const LIMIT_MS = { full: 10 * 60_000, smoke: 60_000 }; // of one; it takes minutes, or seconds

/** Answers the exit code. */
async function main(): Promise<number> {
  const { values } = parseArgs({ options: { smoke: { type: 'boolean', default: false }, only: { type: 'string' } } });
  const size: Size = values.smoke ? 'smoke' : 'full';
  const names = Object.keys(BENCHES).filter((name) => values.only === undefined || name === values.only);
  if (names.length === 0) {
    console.error(`There is no measurement ${values.only}. There are: ${Object.keys(BENCHES).join(', ')}.`);
    return 1;
  }
  console.log(describeMachine());
  const measurements: Measurement[] = [];
  let failed = 0;
  for (const name of names) {
    const began = performance.now();
    try {
      measurements.push(...(await withinTime(LIMIT_MS[size], measure(name, size))));
      console.log(`${name}: measured in ${seconds(began)} s, load average ${loads()}`);
    } catch (error) {
      failed += 1;
      console.error(`${name}: could not be measured:`, error);
    }
  }
  console.log(`\n${toTable(measurements)}\n`);
  const wanted = measurements.map(meets).filter((met) => met !== null);
  if (size === 'smoke') console.log('A smoke: everything was tried, and no figure of it means anything.');
  else console.log(`${wanted.filter(Boolean).length} of ${wanted.length} ratios are as wanted. ${describeMachine()}`);
  return failed === 0 ? 0 : 1;
}

const measure = (name: string, size: Size) => BENCHES[name]?.(size) ?? Promise.resolve([]);

async function withinTime<T>(ms: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`It was not done after ${ms / 1000} s.`)), ms);
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}

const seconds = (since: number): string => ((performance.now() - since) / 1000).toFixed(0);
const loads = (): string =>
  loadavg()
    .map((load) => load.toFixed(1))
    .join(', ');

function describeMachine(): string {
  const processors = cpus();
  return `${new Date().toISOString().slice(0, 10)}, Node ${process.versions.node}, ${processors.length} × ${processors[0]?.model ?? 'unknown'}, load average ${loads()}.`;
}

process.exit(await main());
