/**
 * structure: what the paper says of itself — title, year, DOI, arXiv id — joined with what the caller said, which goes
 * first. What neither says stays empty: a guess would end in somebody's reference list.
 */
import { loadDocument } from '../../../src/evidence/load-document.js';
import { IngestionRunEntity } from '../../../src/kinds/ingestion/ingestion-run.entity.js';
import { runSql } from '../../../src/platform/database/sql.js';
import type { Stage } from '../../engine/stage.js';
import { frontMatterFacts } from './front-matter-facts.js';
import type { ExtractOutput, FetchOutput, StructureOutput } from './outputs.js';

const MAX_TITLE_CHARS = 500; // as the tables allow

export const structure: Stage = async (ctx) => {
  const fetched = await ctx.output<FetchOutput>('fetch');
  const extracted = await ctx.output<ExtractOutput>('extract');
  const { facts: given } = await ctx.em.findOneOrFail(IngestionRunEntity, { runId: ctx.run.id });
  const document = await loadDocument(ctx.em, extracted.snapshotId);
  const found = frontMatterFacts(document.text);
  const output: StructureOutput = {
    title: (given.title ?? extracted.title ?? titleOfFile(fetched.fileName) ?? 'Untitled').slice(0, MAX_TITLE_CHARS),
    authors: given.authors,
    year: given.year ?? found.year,
    doi: given.doi ?? found.doi,
    arxivId: found.arxivId,
    url: given.url ?? (found.doi ? `https://doi.org/${found.doi}` : null),
  };
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

/** "my-paper_2.pdf" → "my paper 2". */
function titleOfFile(fileName: string | null): string | undefined {
  const words = fileName
    ?.replace(/^.*[\\/]/, '')
    .replace(/\.[^.]*$/, '')
    .replace(/[_-]+/g, ' ')
    .trim();
  return words === '' ? undefined : words;
}
