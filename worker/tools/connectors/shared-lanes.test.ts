import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Database, openDatabase } from '../../../src/platform/database/database.js';
import { newId } from '../../../src/platform/ids.js';
import { createTestDatabase, type TestDatabase } from '../../../tests/support/database.js';
import { systemClock } from './clock.js';
import { Lane } from './lane.js';
import { type SharedLanes, shareLanes } from './shared-lanes.js';

const never = new AbortController().signal;
const SPACING_MS = 40;

let db: TestDatabase;
let elsewhere: Database; // as another process has it
let ours: SharedLanes;
let theirs: SharedLanes;

beforeAll(async () => {
  db = await createTestDatabase({ poolSize: 2 });
  elsewhere = await openDatabase({ url: db.urls.app, entities: [], poolSize: 2 });
  ours = shareLanes(db.database.nobody);
  theirs = shareLanes(elsewhere.nobody);
});
beforeEach(() => db.admin.query('delete from lanes'));
afterAll(async () => {
  await elsewhere?.close();
  await db?.drop();
});

const laneOf = (shared: SharedLanes, name = 'arxiv.org') =>
  new Lane({ name, spacingMs: SPACING_MS, clock: systemClock, shared });

const databaseMs = async (): Promise<number> =>
  (await db.admin.query('select extract(epoch from clock_timestamp()) * 1000 as ms')).rows[0].ms;

describe('lanes of one name in two processes', () => {
  it('let one request at a time through, with the distance between them', async () => {
    const spans: { from: number; to: number }[] = [];
    const request = async () => {
      const from = Number(await databaseMs());
      await wait(5);
      spans.push({ from, to: Number(await databaseMs()) });
    };
    const lanes = [laneOf(ours), laneOf(theirs)];
    await Promise.all(lanes.flatMap((lane) => [1, 2].map(() => lane.run(request, never))));
    expect(spans).toHaveLength(4);
    for (const [i, { from }] of spans.entries()) {
      if (i > 0) expect(from - (spans[i - 1]?.to ?? 0)).toBeGreaterThanOrEqual(SPACING_MS);
    }
  });

  it('keep out of the other while it is under way, and of no other name', async () => {
    const [here, there] = [ours('arxiv.org'), theirs('arxiv.org')];
    expect(await here.enter()).toBeNull();
    expect(await there.enter()).toMatchObject({ occupied: true });
    expect(await theirs('api.crossref.org').enter()).toBeNull();
    await here.leave(0);
    expect(await there.enter()).toBeNull();
    await there.leave(60_000);
    expect(await here.enter()).toMatchObject({ occupied: false });
  });

  it('heed a pause that a service asked of the other', async () => {
    const [here, there] = [laneOf(ours), laneOf(theirs)];
    await here.run(async () => here.heed({ spacingMs: null, pauseMs: 90_000 }), never);
    const failed = there.run(async () => 'too soon', never);
    await expect(failed).rejects.toMatchObject({ code: 'UNAVAILABLE', retryable: true });
  });

  it('go on when a process died on the way, once its lease has lapsed', async () => {
    await db.database.nobody.query('select enter_lane($1, $2, $3)', ['arxiv.org', newId(), 1]);
    expect(await laneOf(theirs).run(async () => 'went', never)).toBe('went');
  });
});

it('a lane that nobody has used for a day is forgotten', async () => {
  await laneOf(ours, 'once.example').run(async () => undefined, never);
  await db.admin.query(`update lanes set opens_at = now() - interval '2 days', held_until = now() - interval '2 days'`);
  await laneOf(ours).run(async () => undefined, never);
  expect((await db.admin.query('select name from lanes')).rows).toEqual([{ name: 'arxiv.org' }]);
});
