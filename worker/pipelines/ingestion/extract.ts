/** extract: an engine reads the bytes; their text becomes an immutable snapshot, and beside it stands what was read. */
import { captureSnapshot } from '../../../src/evidence/capture-snapshot.js';
import { requireSnippets } from '../../../src/evidence/index-source.js';
import { IngestionRunEntity } from '../../../src/kinds/ingestion/ingestion-run.entity.js';
import { MAX_UPLOAD_BYTES } from '../../../src/papers/prepare-upload.js';
import { storeStructure } from '../../../src/papers/store-structure.js';
import type { StructuredPaper } from '../../../src/papers/structured-paper.js';
import { contentKey, sha256Of } from '../../../src/platform/blobs/blob-key.js';
import type { Stage, StageContext } from '../../engine/stage.js';
import type { ReadPaper } from '../../tools/papers/paper-engine.js';
import type { ExtractOutput, FetchOutput } from './outputs.js';

export const extract: Stage = async (ctx) => {
  const fetched = await ctx.output<FetchOutput>('fetch');
  const { papers } = ctx.services;
  const { engine } = await ctx.em.findOneOrFail(IngestionRunEntity, { runId: ctx.run.id });
  const { document, paper, lines } = await papers
    .engine(engine ?? null)
    .read({ ...(await readBytes(ctx, fetched)), maxPages: papers.maxPages });
  requireSnippets(document); // better to fail here than with an index of nothing
  const place = { tenantId: ctx.tenantId, projectId: ctx.run.projectId };
  const snapshotId = await ctx.write(async (em) => {
    const id = await captureSnapshot(em, {
      ...place,
      document,
      originalSha256: sha256Of(document.text) === fetched.contentSha256 ? null : fetched.contentSha256,
      extractor: document.extractor,
      mediaType: document.mediaType,
      capturedAt: new Date(),
    });
    await storeStructure(em, { ...place, snapshotId: id, paperId: fetched.paperId, paper, lines });
    return id;
  });
  tellWhatWasRead(ctx, { document, paper, lines });
  const output: ExtractOutput = {
    snapshotId,
    extractor: document.extractor,
    engine: paper.engine,
    mediaType: document.mediaType,
    title: document.title ?? null,
    pageCount: document.pageCount ?? null,
  };
  return { output };
};

async function readBytes(ctx: StageContext, { contentSha256, mediaType, fileName }: FetchOutput) {
  const key = contentKey(ctx.tenantId, contentSha256);
  const bytes = await ctx.services.blobs.read(key, MAX_UPLOAD_BYTES, { signal: ctx.signal });
  ctx.progress({ done: 0, total: bytes.length, unit: 'bytes' });
  return { bytes, mediaType, signal: ctx.signal, ...(fileName !== null && { fileName }) };
}

function tellWhatWasRead(ctx: StageContext, { document, paper }: ReadPaper): void {
  const counts = countsOf(paper);
  const found = Object.entries(counts).filter(([, count]) => count > 0);
  const parts = [
    ...(document.pageCount ? [inWords('pages', document.pageCount)] : []),
    inWords('characters', document.text.length),
    ...found.map(([name, count]) => inWords(name, count)),
  ];
  ctx.emit({
    type: 'LOG_LINE',
    message: `Read ${parts.join(', ')}.`,
    payload: {
      extractor: document.extractor,
      engine: paper.engine,
      pages: document.pageCount ?? null,
      characters: document.text.length,
      ...counts,
    },
  });
}

/** "1 author", "2 authors". */
const inWords = (plural: string, count: number): string =>
  `${count} ${count === 1 ? plural.replace(/s$/, '') : plural}`;

const countsOf = (paper: StructuredPaper) => ({
  authors: paper.authors.length,
  sections: paper.sections.length,
  references: paper.references.length,
  citations: paper.citations.length,
  tables: paper.tables.length,
  figures: paper.figures.length,
  equations: paper.equations.length,
  datasets: paper.datasets.length,
  metrics: paper.metrics.length,
  claims: paper.claims.length,
});
