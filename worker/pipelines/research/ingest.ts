/**
 * Takes in what the services found, then pins the evidence: which snapshots, with which hashes, and which of their
 * passages. From here on the run sees nothing else. Every snapshot is hashed again and every passage cut out of it again;
 * one that does not fit ends the run with HASH_MISMATCH.
 */
import { createHash } from 'node:crypto';
import { sliceByBytes } from '../../../src/evidence/byte-offsets.js';
import type { Em } from '../../../src/platform/database/database.js';
import { runSql } from '../../../src/platform/database/sql.js';
import { AppError } from '../../../src/platform/errors.js';
import { newId } from '../../../src/platform/ids.js';
import type { StageContext, StageResult } from '../../engine/stage.js';
import type { EvidenceSnippet } from '../../tools/writer/evidence-snippet.js';
import { findMissingExplanations } from '../../tools/writer/explain-abbreviations.js';
import { tellUncertainty } from './ask-connectors.js';
import type { FoundPassages, Ingested, Retrieved } from './checkpoints.js';
import {
  type EvidencePassage,
  type EvidenceSource,
  goneFromLibrary,
  lookUpEvidence,
  lookUpPassages,
  type Place,
} from './look-up-evidence.js';
import { readSnapshots, type StoredSnapshot } from './read-snapshots.js';
import { tellSources } from './retrieve.js';
import { countLibrary, nothingFound, searchLibrary } from './search-library.js';
import { ABSTRACT_EXTRACTOR } from './take-in-work.js';
import { takeInWorks } from './take-in-works.js';

export async function ingest(ctx: StageContext): Promise<StageResult> {
  const found = await ctx.output<Retrieved>('retrieve');
  const { passages: retrieved, uncertainties } = await widen(ctx, found);
  const evidence = await lookUpEvidence(ctx, retrieved);
  const sources = new Map(evidence.sources.map((source) => [source.id, source]));
  const stored = await readSnapshots(ctx.em, [...new Set(evidence.snippets.map(({ snapshotId }) => snapshotId))]);
  const scores = new Map(retrieved.snippets.map(({ snippetId, score }) => [snippetId, score]));
  const snapshots = new Map<string, StoredSnapshot>();
  const bytesOf = new Map<string, Buffer>();
  for (const [index, snapshot] of stored.entries()) {
    ctx.signal.throwIfAborted();
    const bytes = Buffer.from(snapshot.text, 'utf8');
    if (createHash('sha256').update(bytes).digest('hex') !== snapshot.sha256) throw altered(snapshot.sha256);
    snapshots.set(snapshot.id, snapshot);
    bytesOf.set(snapshot.id, bytes);
    ctx.progress({ done: index + 1, total: stored.length, unit: 'snapshots' });
  }
  const explaining = await lookUpPassages(ctx, missingExplanations(stored, evidence.snippets));
  const snippets = [...evidence.snippets, ...explaining].map((snippet): EvidenceSnippet => {
    const source = sources.get(snippet.sourceId);
    const snapshot = snapshots.get(snippet.snapshotId);
    const bytes = bytesOf.get(snippet.snapshotId);
    if (!source || !snapshot || !bytes) throw goneFromLibrary();
    if (sliceByBytes(bytes, snippet.startOffset, snippet.endOffset) !== snippet.text) throw altered(snapshot.sha256);
    return evidenceOf(snippet, source, snapshot, scores.get(snippet.id) ?? 0);
  });
  const order = new Map(retrieved.snippets.map(({ snippetId }, index) => [snippetId, index]));
  const place = ({ snippetId }: EvidenceSnippet) => order.get(snippetId) ?? order.size; // what only explains comes last
  snippets.sort((a, b) => place(a) - place(b));
  const unread = new Map(evidence.unread);
  const printed = new Map(evidence.printed);
  const output: Ingested = {
    sources: retrieved.sources.flatMap(({ sourceId }) => {
      const source = sources.get(sourceId);
      const snapshot = source && snapshots.get(source.snapshotId);
      if (!source || !snapshot) return [];
      const { title, authors } = source;
      const { venue = null, url = null } = source;
      const doi = source.doi ?? printed.get(snapshot.id)?.doi ?? null;
      const arxivId = source.arxivId ?? printed.get(snapshot.id)?.arxivId ?? null;
      return [
        {
          sourceId,
          title,
          authors,
          year: source.year ?? null,
          snapshotId: snapshot.id,
          snapshotSha256: snapshot.sha256,
          published: { venue, doi, arxivId, url },
          unread: unread.get(snapshot.id) ?? [],
          standing: { retracted: source.retracted, notices: source.notices, abstractOnly: isAbstract(snapshot) },
        },
      ];
    }),
    snapshots: stored.map(({ id, sha256, bytes, media_type, original_sha256, extractor }) => ({
      id,
      sha256,
      bytes,
      mediaType: media_type,
      originalSha256: original_sha256,
      extractor,
    })),
    snippets,
    uncertainties,
  };
  return { output, write: (em) => recordSources(em, ctx, retrieved) };
}

/** Takes in what the services found, and searches the library again if that made it larger. */
async function widen(ctx: StageContext, found: Retrieved) {
  const { question, works, uncertainties: before, ...passages } = found;
  if (works.length === 0) return { passages, uncertainties: before };
  const taken = await takeInWorks(ctx, works);
  await tellSources(ctx, taken);
  const { uncertainties: ofSearch, ...wider } = await searchLibrary(ctx, question);
  for (const uncertainty of ofSearch) tellUncertainty(ctx, uncertainty);
  if (wider.snippets.length === 0) throw nothingFound(await countLibrary(ctx));
  // the second search has seen the whole library: what it could not compare stands, not what the first could not
  const others = before.filter(({ code }) => code !== 'EMBEDDINGS_LEFT_OUT');
  return { passages: wider, uncertainties: [...others, ...taken.uncertainties, ...ofSearch] };
}

const MAX_EXPLANATIONS = 24; // passages read besides those that were found

/** Where the sources explain abbreviations that their passages only use. */
const missingExplanations = (stored: readonly StoredSnapshot[], passages: readonly EvidencePassage[]): Place[] =>
  stored
    .flatMap(({ id, text }) => {
      const read = passages.filter(({ snapshotId }) => snapshotId === id).map((passage) => passage.text);
      return findMissingExplanations(text, read).map((place) => ({ snapshotId: id, ...place }));
    })
    .slice(0, MAX_EXPLANATIONS);

const isAbstract = ({ extractor }: StoredSnapshot): boolean => extractor === ABSTRACT_EXTRACTOR;

const evidenceOf = (
  snippet: EvidencePassage,
  source: EvidenceSource,
  snapshot: StoredSnapshot,
  score: number,
): EvidenceSnippet => ({
  snippetId: snippet.id,
  sourceId: source.id,
  sourceTitle: source.title,
  sourceAuthors: source.authors,
  sourceYear: source.year ?? null,
  snapshotId: snapshot.id,
  snapshotSha256: snapshot.sha256,
  text: snippet.text,
  startOffset: snippet.startOffset,
  endOffset: snippet.endOffset,
  page: snippet.page ?? null,
  pageStarts: snapshot.pages
    .filter((span) => span.startOffset > snippet.startOffset && span.startOffset < snippet.endOffset)
    .map((span) => ({ page: span.number, startOffset: span.startOffset })),
  heading: snippet.heading ?? null,
  score,
});

async function recordSources(em: Em, { run }: StageContext, retrieved: FoundPassages): Promise<undefined> {
  await runSql(em, 'delete from research_sources where run_id = $1', [run.id]);
  await runSql(
    em,
    `insert into research_sources (id, tenant_id, project_id, run_id, source_id, score)
     select id, $1, $2, $3, source_id, score from unnest($4::uuid[], $5::uuid[], $6::float8[]) as found (id, source_id, score)`,
    [
      run.tenantId,
      run.projectId,
      run.id,
      retrieved.sources.map(() => newId()),
      retrieved.sources.map(({ sourceId }) => sourceId),
      retrieved.sources.map(({ score }) => score),
    ],
  );
}

const altered = (sha256: string) =>
  new AppError('HASH_MISMATCH', `A snapshot no longer has the content its hash names (${sha256.slice(0, 12)}…).`, {
    details: { sha256 },
    hint: 'Restore the database from a backup, or ingest the paper again.',
  });
