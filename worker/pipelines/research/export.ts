/**
 * Publishes the report: report.md, report.html, report.pdf, report.docx, report.json, claims.json and the references for
 * BibTeX and CSL as artifacts, the report as the API shows it, and the trust score, all in one transaction. Runs only
 * after both gates have passed. Where this machine can set no PDF, the run does without one and says so. No file names the run or the time: the same report gives the same bytes.
 */

import type { ArtifactKind } from '../../../src/artifacts/artifact.entity.js';
import { artifactPublished, publishArtifact } from '../../../src/artifacts/publish-artifact.js';
import type { ClaimMapSnapshot } from '../../../src/claims/claim-map.js';
import type { StoredReport } from '../../../src/kinds/research/research-run.entity.js';
import { putContent, type StoredBlob } from '../../../src/platform/blobs/blob-store.js';
import { runSql } from '../../../src/platform/database/sql.js';
import { encodeId } from '../../../src/platform/ids.js';
import type { RunEventDraft } from '../../../src/runs/run-event.js';
import { scoreTrust } from '../../../src/trust/score-trust.js';
import { storeTrust } from '../../../src/trust/store-trust.js';
import type { StageContext, StageResult } from '../../engine/stage.js';
import { printReport } from '../../tools/writer/exports/printed-report.js';
import { renderDocx } from '../../tools/writer/exports/render-docx.js';
import { renderPdf } from '../../tools/writer/exports/render-pdf.js';
import { finishReport } from '../../tools/writer/finish-report.js';
import type { FinishedReport } from '../../tools/writer/finished-report.js';
import { renderBibtex } from '../../tools/writer/references/render-bibtex.js';
import { renderCsl } from '../../tools/writer/references/render-csl.js';
import { engineWith, renderClaimMap, renderReportFile } from '../../tools/writer/render-claims.js';
import { renderHtml } from '../../tools/writer/render-html.js';
import { type RenderedMarkdown, renderMarkdown } from '../../tools/writer/render-markdown.js';
import type { Drafted, Factchecked, Ingested } from './checkpoints.js';
import { readSnapshots } from './read-snapshots.js';

/** Snapshot texts that claims.json carries along; beyond this it names them by hash only. */
const MAX_EMBEDDED_BYTES = 4 * 1024 * 1024; // 4 MiB: some twenty long papers, a sixth of a run's artifact allowance

const DOCX = 'application/vnd.openxmlformats-officedocument.wordprocessingml.document';

const PREFIXES = { source: 'src', snapshot: 'snap', snippet: 'snip' } as const;

export async function exportReport(ctx: StageContext): Promise<StageResult> {
  const drafted = await ctx.output<Drafted>('draft');
  const { sources, snapshots } = await ctx.output<Ingested>('ingest');
  const report = finishReport(drafted.draft, await ctx.output<Factchecked>('factcheck'), sources);
  const embedded = await embedTexts(ctx, report, snapshots);
  const rendered = renderMarkdown(report);
  const map = renderClaimMap(
    report,
    sources,
    embedded,
    (kind, id) => encodeId(PREFIXES[kind], id),
    engineWith(drafted.model?.models ?? []),
  );
  const trust = scoreTrust(map);
  const printed = printReport(report, trust);
  const set = await renderPdf(printed);
  if ('unavailable' in set) ctx.emit(withoutPdf(set.unavailable));
  const files = await storeFiles(ctx, [
    ['report.md', 'REPORT', 'text/markdown', rendered.markdown],
    ['report.html', 'REPORT', 'text/html', renderHtml(report, trust)],
    ...('pdf' in set ? [['report.pdf', 'REPORT', 'application/pdf', set.pdf] as const] : []),
    ['report.docx', 'REPORT', DOCX, await renderDocx(printed)],
    ['report.json', 'DATA', 'application/json', asJson(renderReportFile(report, rendered, map))],
    ['claims.json', 'CLAIM_MAP', 'application/json', asJson(map)],
    ['references.bib', 'SOURCES', 'application/x-bibtex', renderBibtex(report)],
    ['references.csl.json', 'SOURCES', 'application/vnd.citationstyles.csl+json', asJson(renderCsl(report))],
  ]);
  return {
    output: { trust: trust.overall, wordCount: rendered.wordCount },
    write: async (em) => {
      const place = { tenantId: ctx.tenantId, projectId: ctx.run.projectId, runId: ctx.run.id };
      const stored = JSON.stringify(shownReport(report, rendered, drafted.claimIds));
      await runSql(em, 'update research_runs set report = $2 where run_id = $1', [ctx.run.id, stored]);
      await storeTrust(em, place, trust, new Date());
      const events = [];
      for (const file of files)
        events.push(artifactPublished(await publishArtifact({ em }, { runId: ctx.run.id, ...file })));
      return events;
    },
  };
}

const withoutPdf = (reason: string): RunEventDraft => ({
  type: 'UNCERTAINTY_FOUND',
  level: 'WARN',
  message: `There is no report.pdf: ${reason}. The other files of the report lack nothing.`,
  payload: { code: 'PDF_NOT_MADE', page: null },
});

interface StoredFile {
  name: string;
  kind: ArtifactKind;
  mediaType: string;
  blob: StoredBlob;
}

/** Blobs first, named by content: a stage that dies here leaves nothing that a row names. */
async function storeFiles(
  ctx: StageContext,
  files: readonly (readonly [name: string, kind: ArtifactKind, mediaType: string, content: string | Buffer])[],
): Promise<StoredFile[]> {
  const stored: StoredFile[] = [];
  await ctx.debugPoint('before-blob');
  for (const [index, [name, kind, mediaType, content]] of files.entries()) {
    const blob = await putContent(ctx.services.blobs, ctx.tenantId, content, { signal: ctx.signal });
    stored.push({ name, kind, mediaType, blob });
    ctx.progress({ done: index + 1, total: files.length, unit: 'files', message: name });
  }
  await ctx.debugPoint('after-blob');
  return stored;
}

/** The cited snapshots with their texts, as far as they fit; the others by hash. */
async function embedTexts(
  ctx: StageContext,
  report: FinishedReport,
  snapshots: Ingested['snapshots'],
): Promise<ClaimMapSnapshot[]> {
  const cited = new Set(report.claims.flatMap((claim) => claim.receipts).map((receipt) => receipt.snapshotId));
  let room = MAX_EMBEDDED_BYTES;
  const wanted = snapshots.filter(({ id, bytes }) => {
    if (!cited.has(id) || bytes > room) return false;
    room -= bytes;
    return true;
  });
  const texts = new Map(
    (
      await readSnapshots(
        ctx.em,
        wanted.map(({ id }) => id),
      )
    ).map(({ id, text }) => [id, text]),
  );
  return snapshots.map((snapshot) => ({ ...snapshot, text: texts.get(snapshot.id) ?? null }));
}

const asJson = (value: unknown) => `${JSON.stringify(value, null, 2)}\n`;

/** Sentences of the report as the API shows them: claims by the id of their row. */
const shownReport = (
  report: FinishedReport,
  rendered: RenderedMarkdown,
  claimIds: Record<string, string>,
): StoredReport => ({
  title: report.title,
  markdown: rendered.markdown,
  wordCount: rendered.wordCount,
  sections: rendered.sections.map(({ heading, level, sentences }) => ({
    heading,
    level,
    sentences: sentences.map(({ text, startOffset, endOffset, claim }) => ({
      text,
      startOffset,
      endOffset,
      claimId: claim === null ? null : (claimIds[claim] ?? null),
    })),
  })),
});
