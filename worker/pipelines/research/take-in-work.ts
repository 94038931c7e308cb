/**
 * A work that a service found becomes a source of the project: the paper, when a PDF of it is open to everybody, through
 * the same tables as an ingestion; else its abstract, as a text of the service's. Repeating it changes nothing: the same
 * bytes are the same paper, the same abstract is the same snapshot.
 */
import { storePaperClaims } from '../../../src/claims/store-paper-claims.js';
import { captureSnapshot } from '../../../src/evidence/capture-snapshot.js';
import type { DocumentText } from '../../../src/evidence/document-text.js';
import { indexSource, requireSnippets } from '../../../src/evidence/index-source.js';
import { markNotices } from '../../../src/evidence/mark-notices.js';
import { plainDocument } from '../../../src/evidence/plain-document.js';
import type { SourceConnector } from '../../../src/evidence/source.entity.js';
import { wantLibraryIndex } from '../../../src/evidence/want-library-index.js';
import { storeStructure } from '../../../src/papers/store-structure.js';
import { sha256Of } from '../../../src/platform/blobs/blob-key.js';
import { putContent } from '../../../src/platform/blobs/blob-store.js';
import { storableText } from '../../../src/runs/storable-text.js';
import type { StageContext } from '../../engine/stage.js';
import type { FetchedPaper } from '../../tools/connectors/fetch-paper.js';
import type { MergedWork } from '../../tools/connectors/merge-found-works.js';
import { standingOf } from '../../tools/connectors/work-facts.js';
import { mergeFacts, titleOfFile } from '../../tools/papers/merge-facts.js';
import type { ReadPaper } from '../../tools/papers/paper-engine.js';
import { makeReady, storeKnownFacts, upsertPaper } from '../../tools/papers/paper-rows.js';

/** Names a snapshot that is an abstract as a service had it. */
export const ABSTRACT_EXTRACTOR = 'abstract@1';

/** A work as it was read, yet to be stored. */
export type ReadWork =
  | { kind: 'PAPER'; fetched: FetchedPaper; read: ReadPaper }
  | { kind: 'ABSTRACT'; document: DocumentText };

/** Fetches and reads the paper. Errors: those of PaperFetcher.fetch and PaperEngine.read. */
export async function readFullText({ services, signal }: StageContext, work: MergedWork): Promise<ReadWork> {
  const { fetcher, engine, maxPages } = services.papers;
  const { facts, pdfUrls } = work;
  const address = pdfUrls.length > 0 ? { pdfUrls, facts } : { arxivId: facts.arxivId ?? '' };
  const fetched = await fetcher.fetch(address, { signal });
  const { bytes, mediaType, fileName } = fetched;
  const read = await engine(null).read({ bytes, mediaType, fileName, signal, maxPages });
  requireSnippets(read.document);
  return { kind: 'PAPER', fetched, read };
}

/** Errors: UNREADABLE_DOCUMENT when it is no prose. */
export function readAbstract(abstract: string): ReadWork {
  const document = plainDocument(storableText(abstract).normalize('NFC'));
  requireSnippets(document);
  return { kind: 'ABSTRACT', document };
}

/** Returns the source's id. */
export function storeWork(ctx: StageContext, work: MergedWork, read: ReadWork): Promise<string> {
  return read.kind === 'PAPER' ? storePaper(ctx, work, read) : storeAbstract(ctx, work, read.document);
}

async function storePaper(
  ctx: StageContext,
  work: MergedWork,
  { fetched, read: { document, paper, lines } }: ReadWork & { kind: 'PAPER' },
): Promise<string> {
  const { sha256 } = await putContent(ctx.services.blobs, ctx.tenantId, fetched.bytes, { signal: ctx.signal });
  const place = { tenantId: ctx.tenantId, projectId: ctx.run.projectId };
  const printed = { ...paper, title: paper.title ?? document.title ?? titleOfFile(fetched.fileName) };
  const facts = mergeFacts([isBareFile(work) ? { ...work.facts, title: null } : work.facts], printed);
  const { extractor, mediaType, pageCount = null } = document;
  return ctx.write(async (em) => {
    const row = await upsertPaper(em, place, { sha256, mediaType: fetched.mediaType });
    if (row.sourceId) {
      await markNotices(em, row.sourceId, standingOf(work.facts)); // a person took it in: what they said of it stays
      return row.sourceId;
    }
    const snapshotId = await captureSnapshot(em, {
      ...place,
      document,
      originalSha256: sha256Of(document.text) === sha256 ? null : sha256,
      extractor,
      mediaType,
      capturedAt: new Date(),
    });
    await storeStructure(em, { ...place, snapshotId, paperId: row.id, paper, lines });
    await storeKnownFacts(em, row.id, { ...facts, pageCount, mediaType });
    const known = { ...facts, venue: work.venue, connector: connectorOf(work), retrievedAt: new Date() };
    const { source } = await indexSource(em, { ...place, snapshotId, document, facts: known });
    await storePaperClaims(em, { ...place, paperId: row.id, snapshotId, text: document.text }, paper.claims);
    await makeReady(em, row.id, { sourceId: source.id, snapshotId });
    await markNotices(em, source.id, standingOf(work.facts));
    await wantLibraryIndex(em, place.projectId);
    return source.id;
  });
}

function storeAbstract(ctx: StageContext, work: MergedWork, document: DocumentText): Promise<string> {
  const place = { tenantId: ctx.tenantId, projectId: ctx.run.projectId };
  const facts = mergeFacts([], { ...work.facts, authors: work.facts.authors.map((name) => ({ name })) });
  const { venue } = work;
  return ctx.write(async (em) => {
    const snapshotId = await captureSnapshot(em, {
      ...place,
      document,
      originalSha256: null,
      extractor: ABSTRACT_EXTRACTOR,
      mediaType: 'text/plain',
      capturedAt: new Date(),
    });
    const known = {
      ...facts,
      url: work.facts.url ?? facts.url,
      venue,
      connector: connectorOf(work),
      retrievedAt: new Date(),
    };
    const { source } = await indexSource(em, { ...place, snapshotId, document, facts: known });
    await markNotices(em, source.id, standingOf(work.facts));
    await wantLibraryIndex(em, place.projectId);
    return source.id;
  });
}

const connectorOf = ({ foundBy }: MergedWork): SourceConnector => foundBy[0] ?? 'URL';

/** An address that led straight to a file: its name says less than its first page. */
const isBareFile = ({ foundBy, facts }: MergedWork): boolean => foundBy[0] === 'URL' && facts.authors.length === 0;
