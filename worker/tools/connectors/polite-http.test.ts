import { describe, expect, it } from 'vitest';
import { AppError } from '../../../src/platform/errors.js';
import { failureCodeOf } from '../report-health.js';
import { systemClock } from './clock.js';
import { fakeClock } from './fake-clock.fixture.js';
import { badStatus } from './fetch-failures.js';
import { HostLanes } from './host-lanes.js';
import { Lane, MAX_PAUSE_MS } from './lane.js';
import { createPoliteHttp, watchedHttp } from './polite-http.js';
import { createMemoryResponseCache, noResponseCache, type ResponseCache } from './response-cache.js';
import type { FetchedAnswer } from './safe-fetch.js';

const never = new AbortController().signal;
const ADDRESS = 'https://api.example.org/works/1?key=secret';
const REQUEST = { url: ADDRESS, types: ['text/plain'], maxBytes: 100, timeoutMs: 100 };
const textOf = ({ bytes }: { bytes: Buffer }) => bytes.toString();

type Step = string | AppError | Record<string, string>; // the text of an answer, a failure, or headers of an answer

/** A service that answers step by step; the last step stays. */
function setup(
  steps: Step[],
  {
    cache = noResponseCache,
    random = 0,
    clock = fakeClock(),
  }: { cache?: ResponseCache; random?: number; clock?: ReturnType<typeof fakeClock> } = {},
) {
  let asked = 0;
  const fetch = async (): Promise<FetchedAnswer> => {
    const step = steps[Math.min(asked++, steps.length - 1)] ?? '';
    if (step instanceof AppError) throw step;
    const [body, headers] = typeof step === 'string' ? [step, {}] : ['', step];
    return { url: ADDRESS, mediaType: 'text/plain', charset: null, headers, bytes: Buffer.from(body) };
  };
  const lane = new Lane({ name: 'api.example.org', spacingMs: 0, clock });
  const http = createPoliteHttp({ fetch, cache, clock, random: () => random });
  return { http, lane, clock, asked: () => asked };
}

const unavailable = (status: number, retryAfterMs: number | null = null) =>
  badStatus('api.example.org', status, retryAfterMs);

describe('a failure that may pass', () => {
  it('is tried again after a time that doubles', async () => {
    const { http, lane, clock, asked } = setup([unavailable(503), unavailable(503), 'well'], { random: 1 });
    expect(await http.get({ ...REQUEST, lane }, textOf, never)).toBe('well');
    expect([asked(), clock.slept]).toEqual([3, [1_000, 2_000]]);
  });

  it('is waited for with jitter: between the half and the whole of the time', async () => {
    const { http, lane, clock } = setup([unavailable(503), 'well'], { random: 0 });
    await http.get({ ...REQUEST, lane }, textOf, never);
    expect(clock.slept).toEqual([500]);
  });

  it('is tried again when the service said, if that is later', async () => {
    const { http, lane, clock } = setup([unavailable(429, 20_000), unavailable(429, 0), 'well']);
    expect(await http.get({ ...REQUEST, lane }, textOf, never)).toBe('well');
    expect(clock.slept).toEqual([20_000, 1_000]);
  });

  it('is given up after three tries', async () => {
    const { http, lane, asked } = setup([unavailable(500)]);
    await expect(http.get({ ...REQUEST, lane }, textOf, never)).rejects.toMatchObject({ retryable: true });
    expect(asked()).toBe(3);
  });

  it('is given up at once when the service asks for a long pause, and nobody else goes meanwhile', async () => {
    const { http, lane, clock, asked } = setup([unavailable(429, 3_600_000), 'well']);
    const failure = { code: 'UNAVAILABLE', retryable: true, details: { retryAfterMs: 3_600_000 } };
    const get = () => http.get({ ...REQUEST, lane }, textOf, never);
    await expect(get()).rejects.toMatchObject({ ...failure, message: expect.stringContaining('fewer requests') });
    await expect(get()).rejects.toMatchObject({ ...failure, message: expect.stringContaining('3600 seconds') });
    expect([asked(), clock.slept]).toEqual([1, []]);
    await clock.sleep(3_600_000, never);
    expect(await http.get({ ...REQUEST, lane }, textOf, never)).toBe('well');
  });

  it('can be one of the reader: an answer cut short is asked for again', async () => {
    const { http, lane } = setup(['{"a":', '{"a":1}']);
    const read = (answer: { bytes: Buffer }) => {
      try {
        return JSON.parse(textOf(answer));
      } catch (cause) {
        throw new AppError('UNAVAILABLE', 'Cut short.', { retryable: true, cause });
      }
    };
    expect(await http.get({ ...REQUEST, lane }, read, never)).toEqual({ a: 1 });
  });
});

it('a failure that does not pass is not tried again', async () => {
  const { http, lane, asked } = setup([unavailable(404), 'never']);
  await expect(http.get({ ...REQUEST, lane }, textOf, never)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  expect(asked()).toBe(1);
});

it('a caller who stops is no failure of the service: nobody has to pause for it', async () => {
  const reason = new AppError('UNAVAILABLE', 'The worker goes down.', { retryable: true });
  const stop = new AbortController();
  const { http, lane, clock, asked } = setup([reason, 'well']);
  const read = http.get({ ...REQUEST, lane }, textOf, stop.signal);
  stop.abort(reason);
  await expect(read).rejects.toBe(reason);
  expect(asked()).toBeLessThan(2);
  await lane.run(async () => undefined, never);
  expect(clock.slept).toEqual([]);
});

describe('a lane', () => {
  const started = (lane: Lane, clock: { now(): number }, count: number, signal = never) => {
    const at: number[] = [];
    const all = Array.from({ length: count }, () => lane.run(async () => void at.push(clock.now()), signal));
    return Promise.all(all).then(() => at.map((each) => each - (at[0] ?? 0)));
  };

  it('keeps its distance, however many come at once', async () => {
    const clock = fakeClock();
    expect(await started(new Lane({ name: 'x', spacingMs: 3_000, clock }), clock, 4)).toEqual([0, 3_000, 6_000, 9_000]);
  });

  it('lets one request at a time through, in order', async () => {
    const lane = new Lane({ name: 'x', spacingMs: 0, clock: fakeClock() });
    const log: string[] = [];
    const task = (name: string) => async () => {
      log.push(`${name} begins`);
      await new Promise((resolve) => setImmediate(resolve));
      log.push(`${name} ends`);
    };
    await Promise.all([lane.run(task('first'), never), lane.run(task('second'), never)]);
    expect(log).toEqual(['first begins', 'first ends', 'second begins', 'second ends']);
  });

  it('goes on after a request that failed', async () => {
    const lane = new Lane({ name: 'x', spacingMs: 0, clock: fakeClock() });
    const failed = lane.run(() => Promise.reject(new Error('no')), never);
    const next = lane.run(async () => 'yes', never);
    await expect(failed).rejects.toThrow('no');
    expect(await next).toBe('yes');
  });

  it('becomes slower when the service advertises it, not faster', async () => {
    const clock = fakeClock();
    const lane = new Lane({ name: 'x', spacingMs: 100, clock });
    lane.heed({ spacingMs: 1, pauseMs: null });
    expect(await started(lane, clock, 2)).toEqual([0, 100]);
    lane.heed({ spacingMs: 500, pauseMs: null });
    expect(await started(lane, clock, 2)).toEqual([0, 500]);
  });

  it('rests when an answer says that no call remains', async () => {
    const { http, lane, clock } = setup([{ 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '12' }, 'well']);
    await http.get({ ...REQUEST, lane }, textOf, never);
    await http.get({ ...REQUEST, lane }, textOf, never);
    expect(clock.slept).toEqual([12_000]);
  });

  it('is left at once by who stops waiting, for the distance or for another', async () => {
    const lane = new Lane({ name: 'x', spacingMs: MAX_PAUSE_MS, clock: systemClock });
    await lane.run(async () => 'first', never);
    const stop = new AbortController();
    const waiting = lane.run(async () => 'second', stop.signal);
    const behind = lane.run(async () => 'third', stop.signal);
    stop.abort('CANCELED');
    await expect(waiting).rejects.toBe('CANCELED');
    await expect(behind).rejects.toBe('CANCELED');
  });

  it('is one for each host, and forgotten when there are many and it is not used', () => {
    const clock = fakeClock();
    const lanes = new HostLanes(clock);
    const busy = lanes.of('https://busy.example/a');
    busy.pause(1_000);
    expect(lanes.of('https://busy.example/b')).toBe(busy);
    const idle = lanes.of('https://idle.example/');
    for (let at = 0; at < 600; at++) lanes.of(`https://host-${at}.example/`);
    expect(lanes.of('https://busy.example/c')).toBe(busy);
    expect(lanes.of('https://idle.example/')).not.toBe(idle);
  });
});

describe('the cache', () => {
  const cacheMs = 60_000;
  const roomBytes = 1_000;

  it('answers the same question until the answer is too old', async () => {
    const clock = fakeClock();
    const { http, lane, asked } = setup(['first', 'second'], {
      cache: createMemoryResponseCache(roomBytes, clock),
      clock,
    });
    const get = () => http.get({ ...REQUEST, lane, cacheMs }, textOf, never);
    expect([await get(), await get(), asked()]).toEqual(['first', 'first', 1]);
    await clock.sleep(cacheMs + 1, never);
    expect([await get(), asked()]).toEqual(['second', 2]);
  });

  it('is used only where it is asked for, and keeps no failure', async () => {
    const clock = fakeClock();
    const { http, lane, asked } = setup([unavailable(404), 'well'], {
      cache: createMemoryResponseCache(roomBytes, clock),
    });
    await expect(http.get({ ...REQUEST, lane, cacheMs }, textOf, never)).rejects.toThrow();
    await http.get({ ...REQUEST, lane }, textOf, never);
    await http.get({ ...REQUEST, lane }, textOf, never);
    expect(asked()).toBe(3);
  });

  it('forgets the oldest answers where there is no room, and keeps none that is larger than all of it', async () => {
    const cache = createMemoryResponseCache(10, fakeClock());
    const answer = (bytes: number) => ({
      url: ADDRESS,
      mediaType: 'text/plain',
      charset: null,
      bytes: Buffer.alloc(bytes),
    });
    await cache.put('first', answer(6));
    await cache.put('second', answer(4));
    await cache.put('too large', answer(11));
    await cache.put('third', answer(1));
    const kept = await Promise.all(['first', 'second', 'too large', 'third'].map((key) => cache.get(key, cacheMs)));
    expect(kept.map((found) => found?.bytes.length)).toEqual([undefined, 4, undefined, 1]);
  });
});

describe('whoever watches a service', () => {
  it('is told how asking it ended: once for all tries, and not for an answer from the cache or a call that was broken off', async () => {
    const cache = createMemoryResponseCache(1_000, systemClock);
    const { http, lane } = setup([unavailable(503), 'well', unavailable(404), unavailable(429)], { cache });
    const outcomes: (string | null)[] = [];
    const watched = watchedHttp(http, (failure) => void outcomes.push(failure && failureCodeOf(failure)));
    const request = { ...REQUEST, lane, cacheMs: 60_000 };
    expect(await watched.get(request, textOf, never)).toBe('well');
    expect(await watched.get(request, textOf, never)).toBe('well');
    expect(outcomes).toEqual([null]);
    const other = { ...REQUEST, lane };
    await expect(watched.get(other, textOf, never)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    expect(outcomes).toEqual([null, null]); // it answered: there is no such thing
    await expect(watched.get(other, textOf, never)).rejects.toThrow();
    expect(outcomes).toEqual([null, null, 'HTTP_429']);
    await expect(watched.get(other, textOf, AbortSignal.abort(new Error('canceled')))).rejects.toThrow('canceled');
    expect(outcomes).toHaveLength(3);
  });
});
