/**
 * structure: what is known of the paper — title, authors, year, DOI, arXiv id. What the caller said goes first, then what
 * earlier callers said of the same paper, then what the service says that it was fetched from, then what the paper prints.
 * What none says stays empty: a guess would end in somebody's reference list. Each uncertainty of the reading becomes an
 * event.
 */
import { type GivenFacts, IngestionRunEntity } from '../../../src/kinds/ingestion/ingestion-run.entity.js';
import { normaliseDoi } from '../../../src/papers/doi.js';
import { loadStructure } from '../../../src/papers/load-structure.js';
import type { PaperUncertainty, StructuredPaper } from '../../../src/papers/structured-paper.js';
import { runSql } from '../../../src/platform/database/sql.js';
import { AppError } from '../../../src/platform/errors.js';
import { LoaderRegistry } from '../../../src/platform/graphql/loader-registry.js';
import type { RunEventDraft } from '../../../src/runs/run-event.js';
import { storableText } from '../../../src/runs/storable-text.js';
import type { Stage, StageContext } from '../../engine/stage.js';
import type { ExtractOutput, FetchOutput, StructureOutput } from './outputs.js';

const MAX_TITLE_CHARS = 500; // as the tables allow
const MAX_EARLIER_RUNS = 20; // of the same paper
const MAX_UNCERTAINTY_EVENTS = 50; // a scanned book has one a page; all of them stand in the paper

export const structure: Stage = async (ctx) => {
  const fetched = await ctx.output<FetchOutput>('fetch');
  const extracted = await ctx.output<ExtractOutput>('extract');
  const paper = await loadStructure({ em: ctx.em, loaders: new LoaderRegistry() }, extracted.snapshotId);
  if (!paper)
    throw new AppError('INTERNAL', 'What was read from the paper is not there any more.', { retryable: true });
  const printed = { ...paper, title: paper.title ?? extracted.title ?? titleOfFile(fetched.fileName) };
  const output = merge(await readTestimonies(ctx, fetched.paperId), printed);
  tell(ctx.emit, paper.uncertainties);
  return {
    output,
    write: async (em) => {
      await runSql(
        em,
        `update papers set title = $2, authors = $3, year = $4, doi = $5, arxiv_id = $6, page_count = $7, media_type = $8
         where id = $1`,
        [
          fetched.paperId,
          output.title,
          output.authors,
          output.year,
          output.doi,
          output.arxivId,
          extracted.pageCount,
          extracted.mediaType,
        ],
      );
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

type Printed = Pick<StructuredPaper, 'title' | 'authors' | 'year' | 'doi' | 'arxivId'>;

function merge(testimonies: readonly GivenFacts[], printed: Printed): StructureOutput {
  const said = <Fact extends keyof GivenFacts>(fact: Fact): GivenFacts[Fact] | null =>
    testimonies.map((facts) => facts[fact]).find((value) => !isNothing(value)) ?? null;
  const doi = said('doi') ?? (printed.doi && normaliseDoi(printed.doi));
  return storableText({
    title: (said('title') ?? printed.title ?? 'Untitled').slice(0, MAX_TITLE_CHARS),
    authors: said('authors') ?? printed.authors.map(({ name }) => name),
    year: said('year') ?? possibleYear(printed.year),
    doi,
    arxivId: said('arxivId') ?? printed.arxivId,
    url: said('url') ?? (doi ? `https://doi.org/${doi}` : null),
  });
}

const isNothing = (value: unknown): boolean => value == null || (Array.isArray(value) && value.length === 0);

/** As the tables allow. */
const possibleYear = (year: number | null): number | null =>
  year !== null && Number.isInteger(year) && year >= 1000 && year <= 2999 ? year : null;

function tell(emit: (event: RunEventDraft) => void, uncertainties: readonly PaperUncertainty[]): void {
  for (const { code, message, page } of uncertainties.slice(0, MAX_UNCERTAINTY_EVENTS)) {
    emit({ type: 'UNCERTAINTY_FOUND', level: 'WARN', message, payload: { code, page } });
  }
  const more = uncertainties.length - MAX_UNCERTAINTY_EVENTS;
  if (more <= 0) return;
  const message = `${more} more uncertainties are listed with the paper.`;
  emit({ type: 'LOG_LINE', level: 'WARN', message, payload: { uncertainties: uncertainties.length } });
}

/** "my-paper_2.pdf" → "my paper 2". */
function titleOfFile(fileName: string | null): string | null {
  const words = fileName
    ?.replace(/^.*[\\/]/, '')
    .replace(/\.[^.]*$/, '')
    .replace(/[_-]+/g, ' ')
    .trim();
  return words || null;
}
