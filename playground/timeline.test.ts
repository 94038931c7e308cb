import { describe, expect, it } from 'vitest';
import { afterCursor, collectTimeline } from './timeline.js';

const batch = (seqs: number[], cursor: number) => ({ data: { runEvents: { events: seqs, cursor } } });

describe('the collected timeline', () => {
  it('keeps earlier batches, newest event on top, with the cursor of the last', () => {
    const collect = collectTimeline();
    collect(batch([1, 2], 2));
    expect(collect(batch([3], 3))).toEqual({
      data: { runEvents: { events: [3, 2, 1], cursor: 3 } },
      extensions: { playground: '3 events so far, newest on top' },
    });
  });

  it('bounds what it shows and still counts what it received', () => {
    const collect = collectTimeline();
    const seqs = Array.from({ length: 1000 }, (_, index) => index + 1);
    const shown = collect(batch(seqs, 1000)) as { data: { runEvents: { events: number[] } }; extensions: unknown };
    expect(shown.data.runEvents.events).toHaveLength(300);
    expect(shown.data.runEvents.events[0]).toBe(1000);
    expect(shown.extensions).toEqual({ playground: '1000 events so far, newest on top' });
  });

  it('passes errors and other subscriptions through unchanged', () => {
    const collect = collectTimeline();
    for (const message of [{ errors: [{ message: 'no' }] }, { data: { runProgress: { status: 'RUNNING' } } }, null]) {
      expect(collect(message)).toBe(message);
    }
  });
});

describe('going on after an interruption', () => {
  it('is from the last cursor, for a timeline that says where it begins', () => {
    expect(afterCursor({ runId: 'run_1', after: 0 }, batch([1, 2], 2))).toEqual({ runId: 'run_1', after: 2 });
  });

  it('is as it was, for everything else', () => {
    const variables = { runId: 'run_1' };
    expect(afterCursor(variables, batch([1], 1))).toBe(variables);
    expect(afterCursor(variables, { data: { runProgress: { status: 'RUNNING' } } })).toBe(variables);
    expect(afterCursor(undefined, batch([1], 1))).toBeUndefined();
  });
});
