import { describe, expect, it } from 'vitest';
import { collectTimeline } from './timeline.js';

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
