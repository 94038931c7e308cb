/**
 * What a large library is searched by, beside its postings: segments, and a latent space with every snippet in it. All of it
 * can be had from postings at any time, so it may lag behind: sources that are in no segment are searched through their
 * postings, and vectors that are missing are computed for those snippets that need one. What a search finds is the same; the
 * time it takes is not. So the index is kept by a job beside the runs (worker/index-libraries.ts), in steps of seconds that
 * stay when the next is broken off, and a run waits for as much as is bounded whatever the size of its library.
 */
import type { Em } from '../platform/database/database.js';
import { ensureSpace, isSpaceReady } from './latent/ensure-latent-space.js';
import { type Bounds, type LibraryKey, setMissing } from './latent/set-into-space.js';
import { ensureSegments, isSegmented } from './segments/ensure-segments.js';
import { openSegments } from './segments/score-places.js';

/** Whether nothing is left to do. */
export const isIndexed = async (em: Em, projectId: string): Promise<boolean> =>
  (await isSegmented(em, projectId)) && (await isSpaceReady(em, projectId));

/** Goes on with the index of a library. False: the time was over before all was done. Uses the caller's scope: stage code's. */
export async function keepLibraryIndex(em: Em, library: LibraryKey, bounds: Bounds): Promise<boolean> {
  const isOver = () => performance.now() >= (bounds.until ?? Number.POSITIVE_INFINITY);
  await ensureSegments(em, library, bounds);
  if (isOver()) return false;
  if (!(await ensureSpace(em, library, bounds))) return true;
  return setMissing(em, library, bounds);
}

/**
 * What a search cannot do without: the space, which takes as long as 20,000 snippets do however many there are, and in a small
 * library its vectors. Uses the caller's scope: stage code's.
 */
export async function readyForSearch(em: Em, library: LibraryKey, bounds: Pick<Bounds, 'signal'>): Promise<void> {
  if (!(await ensureSpace(em, library, bounds))) return;
  if (await openSegments(em, library.projectId)) return;
  await setMissing(em, library, bounds);
}
