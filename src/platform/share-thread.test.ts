import { expect, it } from 'vitest';
import { shareThread } from './share-thread.js';

it('lets others have their turn while it computes, and stops when it is told to', async () => {
  const stopped = new AbortController();
  const breathe = shareThread(stopped.signal);
  let turns = 0;
  const other = setInterval(() => {
    turns += 1;
    if (turns === 2) stopped.abort('CANCELED');
  });
  const compute = async () => {
    for (;;) await breathe();
  };
  await expect(compute()).rejects.toBe('CANCELED'); // without turns for others it would never be told
  clearInterval(other);
  expect(turns).toBeGreaterThanOrEqual(2);
});
