import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { openCuttingProxy } from '../tests/support/cutting-proxy.js';
import { type Product, startProduct } from '../tests/support/product.js';
import { type ScriptedRun, scriptRun } from '../tests/support/scripted-run.js';
import type { Paperwright } from './client.js';
import { createNodePaperwright } from './node.js';
import { signedIn } from './signed-in.js';
import type { RunEvent } from './watch-run.js';

let product: Product;
let token: string;
let paperwright: Paperwright;

beforeAll(async () => {
  product = await startProduct({ workers: 0 });
  token = await register('watcher');
  paperwright = createNodePaperwright({ url: product.url, token });
});

afterAll(async () => {
  paperwright?.close();
  await product?.stop();
});

// of the chance in its waits, the shortest
beforeEach(() => void vi.spyOn(Math, 'random').mockReturnValue(0));
afterEach(() => void vi.restoreAllMocks());

describe('watchRun', () => {
  it('gives every event once and in order while its connection is cut at random bytes', async () => {
    const run = await scriptRun(product.db, paperwright);
    const random = numbersFrom(20_261_120);
    const proxy = await openCuttingProxy(product.url, () => Math.floor(random() * 9_000));
    const client = createNodePaperwright({ url: proxy.url, token });
    const received: RunEvent[] = [];
    await run.append(10);
    for await (const event of client.watchRun(run.id)) {
      received.push(event);
      if (event.seq === 200) await run.finish();
      else if (event.seq < 200 && event.seq % 10 === 0) await run.append(10);
    }
    client.close();
    await proxy.close();
    expect(received.map(({ seq, type, message }) => ({ seq, type, message }))).toEqual(await run.table());
    expect(received).toHaveLength(201);
    expect(proxy.cuts).toBeGreaterThan(5);
  });

  it('goes on after the API was killed and started again', async () => {
    const api = await product.startApi();
    const run = await scriptRun(product.db, paperwright);
    const client = createNodePaperwright({ url: api.url, token });
    const received: number[] = [];
    await run.append(3);
    for await (const event of client.watchRun(run.id)) {
      received.push(event.seq);
      if (event.seq !== 3) continue;
      await api.kill('SIGKILL');
      await run.append(3);
      await run.finish();
      await product.startApi({ PORT: new URL(api.url).port });
    }
    client.close();
    expect(received).toEqual([1, 2, 3, 4, 5, 6, 7]);
  });

  it('gives exactly the events after a cursor, and ends with a run that has ended', async () => {
    const run = await endedRun(5);
    expect(await seqs(run, { after: 4 })).toEqual([5, 6]);
    expect(await seqs(run, { after: 6 })).toEqual([]);
  });

  it('types an event by its __typename', async () => {
    const run = await endedRun(1);
    for await (const event of paperwright.watchRun(run.id)) {
      if (event.__typename === 'StageProgressed') expect(event.done).toBe(1);
      else expect(event).toMatchObject({ __typename: 'StateChanged', to: 'SUCCEEDED' });
    }
  });

  it('refuses a cursor beyond the end, an unknown run and a token that does not hold, each with its code', async () => {
    const run = await endedRun(1);
    await expect(seqs(run, { after: 99 })).rejects.toMatchObject({ name: 'PaperwrightError', code: 'BAD_INPUT' });
    const stranger = createNodePaperwright({ url: product.url, token: await register('stranger') });
    await expect(first(stranger, run)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    stranger.close();
    const forger = createNodePaperwright({ url: product.url, token: 'pw_forged' });
    await expect(first(forger, run)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
    forger.close();
  });

  it('throws UNAUTHENTICATED when the session is ended while it watches', async () => {
    const client = createNodePaperwright({ url: product.url, token: await register('leaver') });
    const run = await scriptRun(product.db, client);
    await run.append(1);
    const watching = async () => {
      for await (const _event of client.watchRun(run.id)) await client.signOut();
    };
    await expect(watching()).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
    client.close();
  });

  it('throws the reason of an aborted signal at once, though nothing happens in the run', async () => {
    const run = await scriptRun(product.db, paperwright);
    const stop = new AbortController();
    const next = paperwright.watchRun(run.id, { signal: stop.signal }).next();
    const reason = new Error('enough');
    stop.abort(reason);
    await expect(next).rejects.toBe(reason);
  });

  it('ends a parked iteration when its consumer returns', async () => {
    const run = await scriptRun(product.db, paperwright);
    const events = paperwright.watchRun(run.id);
    const next = events.next();
    await events.return();
    expect(await next).toEqual({ done: true, value: undefined });
  });

  it('says that the server is not there when it has failed for long enough', async () => {
    const nowhere = createNodePaperwright({ url: 'http://127.0.0.1:1', token });
    const failures: number[] = [];
    const events = nowhere.watchRun('run_x', { giveUpAfterMs: 1, onInterrupted: (at) => failures.push(at.failures) });
    await expect(events.next()).rejects.toMatchObject({ code: 'UNREACHABLE', retryable: true });
    expect(failures).toEqual([1]);
  });

  it('ends what is watched when the client is closed', async () => {
    const client = createNodePaperwright({ url: product.url, token });
    const run = await scriptRun(product.db, client);
    const next = client.watchRun(run.id).next();
    client.close();
    await expect(next).rejects.toMatchObject({ code: 'CANCELED' });
  });
});

async function register(name: string): Promise<string> {
  const { register: session } = await createNodePaperwright({ url: product.url }).register({
    input: { email: `${name}@example.org`, password: 'correct horse battery', displayName: name, tenantName: name },
  });
  return signedIn(session).accessToken;
}

async function endedRun(events: number): Promise<ScriptedRun> {
  const run = await scriptRun(product.db, paperwright);
  await run.append(events);
  await run.finish();
  return run;
}

async function seqs(run: ScriptedRun, options: { after: number }): Promise<number[]> {
  const received: number[] = [];
  for await (const event of paperwright.watchRun(run.id, options)) received.push(event.seq);
  return received;
}

const first = (client: Paperwright, run: ScriptedRun) => client.watchRun(run.id).next();

/** A linear congruential generator (Numerical Recipes' constants): the same cuts in every test run. */
function numbersFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}
