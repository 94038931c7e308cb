import { describe, expect, it } from 'vitest';
import { takeTurns } from './take-turns.js';

const signal = new AbortController().signal;

/** Work that goes on until it is told to end. */
function openWork() {
  let resolve: (value: string) => void = () => undefined;
  let reject: (reason: Error) => void = () => undefined;
  const promise = new Promise<string>((...ends) => {
    [resolve, reject] = ends;
  });
  const state = { begun: false };
  const work = () => {
    state.begun = true;
    return promise;
  };
  return { state, work, resolve, reject };
}

describe('takeTurns', () => {
  it('lets as many go on at once as it was told, and the next in order when one ends, well or badly', async () => {
    const turn = takeTurns(2);
    const [a, b, c, d] = [openWork(), openWork(), openWork(), openWork()];
    const results = [a, b, c, d].map(({ work }) => turn(work, signal));
    const begun = () => [a, b, c, d].map(({ state }) => state.begun);
    await Promise.resolve();
    expect(begun()).toEqual([true, true, false, false]);
    a.reject(new Error('failed'));
    await expect(results[0]).rejects.toThrow('failed');
    expect(begun()).toEqual([true, true, true, false]);
    c.resolve('third');
    expect(await results[2]).toBe('third');
    d.resolve('fourth');
    expect(await results[3]).toBe('fourth');
    b.resolve('second');
    expect(await results[1]).toBe('second');
    const again = openWork();
    again.resolve('again');
    expect(await turn(again.work, signal)).toBe('again');
  });

  it('forgets a waiter whose call is aborted, and serves the one behind it', async () => {
    const turn = takeTurns(1);
    const [first, aborted, last] = [openWork(), openWork(), openWork()];
    const controller = new AbortController();
    const holding = turn(first.work, signal);
    const waiting = turn(aborted.work, controller.signal);
    const behind = turn(last.work, signal);
    controller.abort(new Error('left'));
    await expect(waiting).rejects.toThrow('left');
    first.resolve('');
    last.resolve('served');
    await holding;
    expect(await behind).toBe('served');
    expect(aborted.state.begun).toBe(false);
    await expect(turn(aborted.work, controller.signal)).rejects.toThrow('left');
  });
});
