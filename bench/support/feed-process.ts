/**
 * A RunFeed with one follower a run, in a process of its own as in the product, where writers are workers and followers
 * sit in the API. Started by append-throughput.ts; ends when its parent is gone.
 */
import { ENTITIES } from '../../src/entities.js';
import type { Actor } from '../../src/platform/database/actor.js';
import { openDatabase } from '../../src/platform/database/database.js';
import { RunFeed } from '../../src/runs/following/run-feed.js';

export type FeedOrder =
  /** Follow each run from its cursor. */
  | { type: 'follow'; appUrl: string; actor: Actor; runs: { id: string; after: number }[] }
  /** Stop once every run has been followed up to its head, and report. */
  | { type: 'finish'; heads: { id: string; lastSeq: number }[] };

export type FeedReport = { type: 'following' } | { type: 'finished' };

const POOL = 10; // connections, the default of an API process

const cursors = new Map<string, number>();
let moved: () => void = () => undefined;
let stop: () => Promise<void> = async () => undefined;

process.on('disconnect', () => process.exit(0));
process.on('message', (order: FeedOrder) => void (order.type === 'follow' ? follow(order) : finish(order)));

async function follow({ appUrl, actor, runs }: Extract<FeedOrder, { type: 'follow' }>): Promise<void> {
  const database = await openDatabase({ url: appUrl, entities: ENTITIES, poolSize: POOL });
  const feed = new RunFeed({ database, listenUrl: appUrl });
  await feed.start();
  const following = runs.map(({ id, after }) => ({ id, batches: feed.follow({ actor, runId: id, after }) }));
  stop = async () => {
    await Promise.all(following.map(({ batches }) => batches.return()));
    await feed.stop();
    await database.close();
  };
  await Promise.all(following.map(({ id, batches }) => pump(id, batches)));
  process.send?.({ type: 'following' } satisfies FeedReport);
}

/** Resolves after the first batch, and goes on reading. */
async function pump(id: string, batches: ReturnType<RunFeed['follow']>): Promise<void> {
  const take = async () => {
    const { value, done } = await batches.next();
    if (done) return false;
    cursors.set(id, value.cursor);
    moved();
    return true;
  };
  await take();
  void (async () => {
    while (await take());
  })();
}

async function finish({ heads }: Extract<FeedOrder, { type: 'finish' }>): Promise<void> {
  await new Promise<void>((resolve) => {
    moved = () => {
      if (heads.every(({ id, lastSeq }) => (cursors.get(id) ?? 0) >= lastSeq)) resolve();
    };
    moved();
  });
  await stop();
  process.send?.({ type: 'finished' } satisfies FeedReport);
}
