/**
 * Whether a timeline of millions is as quick as one of thousands: the same appends and the same reads, in turn, on a
 * database that holds many events and on one that holds few, both on servers as the product ships them.
 */
import { appendEvents } from '../../src/runs/append-events.js';
import { readEvents } from '../../src/runs/following/read-events.js';
import type { RunEventDraft } from '../../src/runs/run-event.js';
import { type BenchDatabase, insertRunningRun, openBenchDatabase } from '../support/bench-database.js';
import { quantile } from '../support/quantile.js';
import type { Measurement } from '../support/report.js';
import { interleave } from '../support/rounds.js';
import { EVENTS_A_RUN, fillTimelines } from './fill-timelines.js';

const WRITERS = 8;
const BATCH = 20; // events
const PAGE = 200; // events, as a subscription reads them
const WATCHED = 10; // runs that are read again and again, as those are that people watch
const EVENTS: RunEventDraft[] = Array.from({ length: BATCH }, () => ({
  type: 'LOG_LINE',
  message: 'a line of output as long as those of most programs, so eighty characters or so.',
  payload: {},
}));

export interface EventsBench {
  events: number;
  few: number; // events of the database it is compared with
  rounds: number;
  appendMs: number; // of each contender and round
  reads: number; // likewise
}

interface Filled {
  bench: BenchDatabase;
  runs: string[];
  writing: string[];
}

export async function measureEvents(options: EventsBench, log: (line: string) => void): Promise<Measurement[]> {
  const { rounds, appendMs, reads } = options;
  const few = await open(options.few);
  let many: Filled | undefined;
  try {
    const began = performance.now();
    many = await open(options.events);
    log(`${options.events} events filled in ${((performance.now() - began) / 1000).toFixed(0)} s`);
    const full = many;
    const newest = ({ runs }: Filled) => runs.slice(-WATCHED);
    const all = ({ runs }: Filled) => runs;
    const start = () => 0;
    const middle = () => EVENTS_A_RUN / 2;
    const end = () => EVENTS_A_RUN - PAGE;
    const inTurn = (measure: (filled: Filled) => Promise<number>) =>
      interleave(rounds, { few: () => measure(few), many: () => measure(full) });
    const reading = (of: (filled: Filled) => string[], after: () => number) =>
      inTurn((filled) => readFor(filled, of(filled), after, reads));
    const appends = await inTurn((filled) => appendFor(filled, appendMs));
    const line = (what: string, { few, many }: { few: number; many: number }, wanted: string, unit: string) => ({
      what,
      ours: `${many.toFixed(unit === '/s' ? 0 : 2)}${unit}`,
      baseline: `at ${options.few} events: ${few.toFixed(unit === '/s' ? 0 : 2)}${unit}`,
      ratio: many / few,
      wanted,
      rounds,
    });
    return [
      line(`events appended at ${options.events}, ${WRITERS} writers, batches of ${BATCH}`, appends, '≥ 0.9', '/s'),
      line(`a page of ${PAGE} at the start of a watched run, p50`, await reading(newest, start), '≤ 1.1', ' ms'),
      line(`a page of ${PAGE} in the middle of a watched run, p50`, await reading(newest, middle), '≤ 1.1', ' ms'),
      line(`the last ${PAGE} of a watched run, p50`, await reading(newest, end), '≤ 1.1', ' ms'),
      line(`the last ${PAGE} of any run of a year, p50`, await reading(all, end), '', ' ms'),
    ];
  } finally {
    await few.bench.close();
    await many?.bench.close();
  }
}

async function open(events: number): Promise<Filled> {
  const bench = await openBenchDatabase(WRITERS + 2);
  try {
    const runs = await fillTimelines(bench, events);
    const writing: string[] = [];
    for (let i = 0; i < WRITERS; i++) writing.push(await insertRunningRun(bench));
    return { bench, runs, writing };
  } catch (error) {
    await bench.close();
    throw error;
  }
}

/** Events per second. */
async function appendFor({ bench: { database, actor }, writing }: Filled, ms: number): Promise<number> {
  let written = 0;
  const began = performance.now();
  await Promise.all(
    writing.map(async (run) => {
      while (performance.now() < began + ms) {
        await database.inTenant(actor.tenantId, (sql) => appendEvents(sql, run, EVENTS, 0));
        written += BATCH;
      }
    }),
  );
  return written / ((performance.now() - began) / 1000);
}

/** The median in ms; the runs are gone through in strides, so that the next one is of another month. */
async function readFor(
  { bench: { database, actor } }: Filled,
  runs: readonly string[],
  after: () => number,
  reads: number,
): Promise<number> {
  const times: number[] = [];
  const stride = Math.floor(runs.length / 2) + 1;
  for (let i = 0; i < reads; i++) {
    const run = runs[(i * stride) % runs.length] ?? '';
    const began = performance.now();
    const slice = await readEvents(database.eachInTenant(actor.tenantId), run, after(), PAGE);
    times.push(performance.now() - began);
    if (slice?.events.length !== PAGE) throw new Error(`${run} answered ${slice?.events.length} events`);
  }
  return quantile(times, 0.5);
}
