/**
 * What the services found joins the project's library, best first, up to the number of sources the run may have. A work
 * that the library has already is not fetched again; what is said against it is kept. A work that cannot be had is an
 * uncertainty, and the next one takes its place.
 */
import { markNotices } from '../../../src/evidence/mark-notices.js';
import { type Source, SourceEntity } from '../../../src/evidence/source.entity.js';
import { isAppError } from '../../../src/platform/errors.js';
import type { StageContext } from '../../engine/stage.js';
import { isSameWork, type MergedWork } from '../../tools/connectors/merge-found-works.js';
import { standingOf } from '../../tools/connectors/work-facts.js';
import { askLibrary } from '../../tools/exchanges/ask-library.js';
import { tellUncertainty } from './ask-connectors.js';
import type { RunUncertainty } from './checkpoints.js';
import { sourceLimit } from './search-library.js';
import { type ReadWork, readAbstract, readFullText, storeWork } from './take-in-work.js';

export interface TakenIn {
  sources: { sourceId: string; score: number }[]; // new to the library, in the order of the works
  uncertainties: RunUncertainty[];
}

const MAX_PAPERS = 10; // fetched and read for one run; of the others the abstract has to do

export async function takeInWorks(ctx: StageContext, works: readonly MergedWork[]): Promise<TakenIn> {
  const taken: TakenIn = { sources: [], uncertainties: [] };
  const limit = sourceLimit(ctx);
  let papers = 0;
  for (const work of works) {
    if (taken.sources.length >= limit) break;
    ctx.signal.throwIfAborted();
    ctx.progress({ done: taken.sources.length, total: Math.min(limit, works.length), unit: 'works' });
    const mayFetch = papers < MAX_PAPERS && (work.pdfUrls.length > 0 || work.facts.arxivId !== null);
    const { foundBy, facts } = work;
    const about = { foundBy, title: facts.title, doi: facts.doi, arxivId: facts.arxivId, mayFetch };
    const one = await askLibrary({ operation: 'take in', about }, () => takeInWork(ctx, work, mayFetch));
    if (one.fetched) papers++;
    for (const uncertainty of one.uncertainties) tellUncertainty(ctx, uncertainty);
    taken.uncertainties.push(...one.uncertainties);
    const { sourceId } = one;
    if (sourceId !== null && !taken.sources.some((source) => source.sourceId === sourceId))
      taken.sources.push({ sourceId, score: work.score });
  }
  return taken;
}

interface TakenWork {
  sourceId: string | null; // null: the library has it already, or it cannot be had
  fetched: boolean; // or at least tried to
  uncertainties: RunUncertainty[];
}

async function takeInWork(ctx: StageContext, work: MergedWork, mayFetch: boolean): Promise<TakenWork> {
  const known = await findInLibrary(ctx, work);
  if (known) {
    const standing = standingOf(work.facts);
    if (standing.notices.length > 0) await ctx.write((em) => markNotices(em, known.id, standing));
    return { sourceId: null, fetched: false, uncertainties: [] };
  }
  const uncertainties: RunUncertainty[] = [];
  const read = await readOne(ctx, work, mayFetch, uncertainties);
  return { sourceId: read && (await storeWork(ctx, work, read)), fetched: mayFetch, uncertainties };
}

/** The paper, or else its abstract; null when neither can be had. */
async function readOne(
  ctx: StageContext,
  work: MergedWork,
  mayFetch: boolean,
  uncertainties: RunUncertainty[],
): Promise<ReadWork | null> {
  const { abstract } = work;
  const attempt = async (read: () => ReadWork | Promise<ReadWork>, consequence: string): Promise<ReadWork | null> => {
    try {
      return await read();
    } catch (error) {
      ctx.signal.throwIfAborted();
      if (!isAppError(error) || error.code === 'INTERNAL') throw error;
      uncertainties.push({
        code: 'SOURCE_NOT_READ',
        message: `“${work.facts.title}” ${consequence}: ${error.message}`,
      });
      return null;
    }
  };
  const consequence = abstract === null ? 'could not be read' : 'could not be read, only its abstract';
  const paper = mayFetch ? await attempt(() => readFullText(ctx, work), consequence) : null;
  if (paper || abstract === null) return paper;
  return attempt(() => readAbstract(abstract), 'has an abstract that cannot be quoted');
}

/** By DOI or arXiv id, or else by title and author. */
async function findInLibrary({ em, run }: StageContext, { facts }: MergedWork): Promise<Source | null> {
  const { doi, arxivId, title } = facts;
  const bare = arxivId?.replace(/v\d+$/, '');
  const candidates = await em.find(SourceEntity, {
    projectId: run.projectId,
    $or: [
      ...(doi ? [{ doi }] : []),
      ...(bare ? [{ arxivId: bare }, { arxivId: { $like: `${bare}v%` } }] : []),
      ...(title ? [{ title: { $ilike: title.replace(/[\\%_]/g, '\\$&') } }] : []),
    ],
  });
  const same = (source: Source) =>
    isSameWork(facts, {
      title: source.title,
      authors: source.authors,
      year: source.year ?? null,
      doi: source.doi ?? null,
      arxivId: source.arxivId ?? null,
    });
  return candidates.find(same) ?? null;
}
