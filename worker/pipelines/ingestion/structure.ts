/**
 * structure: what is known of the paper — title, authors, year, DOI, arXiv id. What the caller said goes first, then what
 * earlier callers said of the same paper, then what the service says that it was fetched from, then what the paper prints.
 * What none says stays empty: a guess would end in somebody's reference list. Each uncertainty of the reading becomes an
 * event.
 */
import { type GivenFacts, IngestionRunEntity } from '../../../src/kinds/ingestion/ingestion-run.entity.js';
import { loadStructure } from '../../../src/papers/load-structure.js';
import type { PaperUncertainty } from '../../../src/papers/structured-paper.js';
import { AppError } from '../../../src/platform/errors.js';
import { LoaderRegistry } from '../../../src/platform/graphql/loader-registry.js';
import type { RunEventDraft } from '../../../src/runs/run-event.js';
import type { Stage, StageContext } from '../../engine/stage.js';
import { mergeFacts, titleOfFile } from '../../tools/papers/merge-facts.js';
import { storeKnownFacts } from '../../tools/papers/paper-rows.js';
import type { ExtractOutput, FetchOutput } from './outputs.js';

const MAX_EARLIER_RUNS = 20; // of the same paper
const MAX_UNCERTAINTY_EVENTS = 50; // a scanned book has one a page; all of them stand in the paper

export const structure: Stage = async (ctx) => {
  const fetched = await ctx.output<FetchOutput>('fetch');
  const extracted = await ctx.output<ExtractOutput>('extract');
  const paper = await loadStructure({ em: ctx.em, loaders: new LoaderRegistry() }, extracted.snapshotId);
  if (!paper)
    throw new AppError('INTERNAL', 'What was read from the paper is not there any more.', { retryable: true });
  const printed = { ...paper, title: paper.title ?? extracted.title ?? titleOfFile(fetched.fileName) };
  const output = mergeFacts(await readTestimonies(ctx, fetched.paperId), printed);
  tell(ctx.emit, paper.uncertainties);
  return {
    output,
    write: async (em) => {
      await storeKnownFacts(em, fetched.paperId, { ...extracted, ...output });
      return undefined;
    },
  };
};

/** What was said of the paper, the weightiest first: by callers, this run's before the others', then by services. */
async function readTestimonies(ctx: StageContext, paperId: string): Promise<GivenFacts[]> {
  const others = await ctx.em.find(
    IngestionRunEntity,
    { paperId, runId: { $ne: ctx.run.id } },
    { orderBy: { runId: 'desc' }, limit: MAX_EARLIER_RUNS },
  );
  const runs = [await ctx.em.findOneOrFail(IngestionRunEntity, { runId: ctx.run.id }), ...others];
  return [...runs.map(({ facts }) => facts), ...runs.flatMap(({ fetched }) => fetched ?? [])];
}

function tell(emit: (event: RunEventDraft) => void, uncertainties: readonly PaperUncertainty[]): void {
  for (const { code, message, page } of uncertainties.slice(0, MAX_UNCERTAINTY_EVENTS)) {
    emit({ type: 'UNCERTAINTY_FOUND', level: 'WARN', message, payload: { code, page } });
  }
  const more = uncertainties.length - MAX_UNCERTAINTY_EVENTS;
  if (more <= 0) return;
  const message = `${more} more uncertainties are listed with the paper.`;
  emit({ type: 'LOG_LINE', level: 'WARN', message, payload: { uncertainties: uncertainties.length } });
}
